package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetentionTest {
  private final Cli cli;

  RetentionTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void aWorkerThatEndsDeletesWhatIsOlderInItsWorkspacesOnly() throws Exception {
    cli.write("workspace/aidp.yml", "retention: 30d\n");
    Path other = Files.createDirectory(cli.workspace().resolveSibling("other"));
    cli.run("exec", "--", "true");
    cli.run("exec", "--workspace", other.toString(), "--", "true");
    cli.work();
    cli.query("update aidp.jobs set completed_at = completed_at - interval '31 d' returning 1");
    cli.run("exec", "--", "true");
    cli.run("exec", "--workspace", other.toString(), "--", "true");
    cli.work();
    assertThat(cli.query("select string_agg(id::text, ' ' order by id) from aidp.jobs"))
        .isEqualTo("2 3 4");
  }
}
