package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
  void anyProgramOfADialectIsAProvider() throws Exception {
    program("wrapper", "");
    Providers providers = Providers.all();

    assertThat(providers.byName("claude:team-a").orElseThrow().name()).isEqualTo("claude:team-a");
    assertThat(providers.byName("demo:x")).isEmpty();
    assertThat(providers.byName("nobody:x")).isEmpty();
    assertThat(Providers.missing("text:team-a", environment()).orElseThrow().remedy())
        .isEqualTo("name it in AIDP_TEAM_A_CMD, or in aidp.yml as providers.team-a.command");
    assertThat(
            Providers.missing(
                "text:team-a", Map.of("PATH", bin.toString(), "AIDP_TEAM_A_CMD", "wrapper -x")))
        .isEmpty();
  }

  @Test
  void saysWhatAProgramDoesNotTake() {
    AgentOptions tools = new AgentOptions(List.of("Bash"), null, List.of());
    AgentOptions turns = new AgentOptions(List.of(), 3, List.of("--verbose"));

    assertThat(Providers.refusal("codex", "m", tools))
        .contains("codex takes no list of allowed tools");
    assertThat(Providers.refusal("text:mine", "m", turns)).contains("mine takes no model");
    assertThat(Providers.refusal("text:mine", null, turns))
        .contains("mine takes no number of turns");
    assertThat(Providers.refusal("claude", "m", tools)).isEmpty();
    assertThat(Providers.refusal("gemini:mine", "m", tools)).isEmpty();
    assertThat(Providers.refusal("cursor", "m", turns)).isEmpty();
    assertThat(Providers.refusal("demo", "m", tools)).isEmpty();
  }

  @Test
  void aLoginIsAKeyOrAFile() throws Exception {
    Map<String, String> home = Map.of("HOME", bin.toString());
    for (String agent : List.of("claude", "cursor", "gemini", "codex")) {
      assertThat(AgentLogin.of(agent, home)).as(agent).isFalse();
    }
    assertThat(AgentLogin.of("claude", Map.of("ANTHROPIC_API_KEY", "k"))).isTrue();
    assertThat(AgentLogin.of("cursor", Map.of("CURSOR_API_KEY", "k"))).isTrue();
    assertThat(AgentLogin.of("gemini", Map.of("GEMINI_API_KEY", "k"))).isTrue();
    assertThat(AgentLogin.of("codex", Map.of("CODEX_API_KEY", "k"))).isTrue();

    Files.createDirectories(bin.resolve(".codex"));
    Files.writeString(bin.resolve(".codex/config.toml"), "model_provider = \"mine\"");
    assertThat(AgentLogin.of("codex", home)).isNull();
    Files.writeString(bin.resolve(".codex/auth.json"), "{}");
    assertThat(AgentLogin.of("codex", home)).isTrue();
    Files.writeString(bin.resolve(".claude.json"), "{\"oauthAccount\": {}}");
    assertThat(AgentLogin.of("claude", home)).isTrue();
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
