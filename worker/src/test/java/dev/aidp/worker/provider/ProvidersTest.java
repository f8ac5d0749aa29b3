package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
  @TempDir private Path bin;

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/bash\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private Map<String, String> environment() {
    return Map.of("PATH", "/nonexistent::" + bin);
  }

  @Test
  void knowsWhatAWorkerCanRun() {
    Providers providers = Providers.all();

    assertThat(providers.names())
        .containsExactly("shell", "demo", "claude", "cursor", "gemini", "codex");
    assertThat(providers.byName("demo")).isPresent();
    assertThat(providers.byName("nobody")).isEmpty();
  }

  @Test
  void theFirstAgentFoundIsTheDefault() throws Exception {
    assertThat(Providers.defaultName(environment())).isEmpty();
    program("codex", "");
    program("agent", "");

    assertThat(Providers.defaultName(environment())).contains("cursor");
    assertThat(Providers.defaultName(Map.of("AIDP_PROVIDER", " demo ", "PATH", bin.toString())))
        .contains("demo");
    assertThat(Providers.defaultName(Map.of("PATH", "", "AIDP_CODEX_CMD", bin + "/codex --fast")))
        .contains("codex");
  }

  @Test
  void detectsProgramsAndTheirVersions() throws Exception {
    program("claude", "[ \"$1\" = --version ] && printf '\\n2.1.197 (Claude\\tCode)\\nmore\\n'");
    program("gemini", "echo broken; exit 1");
    Files.writeString(bin.resolve("codex"), "not executable");

    assertThat(Providers.detect(environment()))
        .extracting(
            Providers.Detected::name,
            Providers.Detected::found,
            Providers.Detected::path,
            Providers.Detected::version)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "claude", true, bin.resolve("claude").toString(), "2.1.197 (Claude Code)"),
            org.assertj.core.groups.Tuple.tuple("cursor", false, null, null),
            org.assertj.core.groups.Tuple.tuple(
                "gemini", true, bin.resolve("gemini").toString(), null),
            org.assertj.core.groups.Tuple.tuple("codex", false, null, null));
  }

  @Test
  void aProgramThatDoesNotAnswerIsStillFound() throws Exception {
    program("claude", "exec /bin/sleep 600");

    assertThat(Providers.detect(environment()).getFirst())
        .satisfies(claude -> {
          assertThat(claude.found()).isTrue();
          assertThat(claude.version()).isNull();
          assertThat(claude.installHint()).contains("@anthropic-ai/claude-code");
        });
  }
}
