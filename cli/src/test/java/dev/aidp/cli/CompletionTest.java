package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompletionTest {
  private final Cli cli;

  CompletionTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          exe           | exec execute
          jobs re       | result retry resume
          execute --pri | --priority
          """)
  void completesInBash(String typed, String candidates) throws IOException, InterruptedException {
    Path script = cli.write("completion.bash", cli.run("completion", "bash").out());
    String[] words = typed.split(" ", -1);
    String program =
        "source '%s'; COMP_WORDS=(aidp %s); COMP_CWORD=%d; _complete_aidp; echo \"${COMPREPLY[*]}\""
            .formatted(script, typed, words.length);
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", program)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String shown = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(shown).isZero();
    assertThat(shown.strip().split("\\s+")).containsExactlyInAnyOrder(candidates.split(" "));
  }

  @Test
  void loadsTheCompletionOfBashInZsh() {
    assertThat(cli.run("completion", "zsh").out())
        .startsWith("autoload -U +X bashcompinit && bashcompinit\n")
        .endsWith(cli.run("completion", "bash").out());
    assertThat(cli.run("completion", "fish").exitCode()).isEqualTo(2);
    assertThat(cli.run("completion").exitCode()).isEqualTo(2);
  }
}
