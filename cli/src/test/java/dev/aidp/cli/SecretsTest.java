package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Looks for secrets in everything that was written: the whole database, the artifacts, the home
/// directory (but for the kept environments, which are there for the keys), the log of operations.
final class SecretsTest {
  private static final String KEY = "sk-ant-api03-Q1w2E3r4T5y6-u7I8o9P0";
  private static final String PASSWORD = "tr0ub4dor&3-\"quoted\"-horse";
  private static final String BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj";
  private static final String FOREIGN = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

  private final Cli cli;
  private final Path directory;

  SecretsTest(@TempDir Path directory) {
    this.directory = directory;
    cli = new Cli(directory);
  }

  @BeforeEach
  void keepSecrets() {
    cli.with("ANTHROPIC_API_KEY", KEY)
        .with("APP_PASSWORD", PASSWORD)
        .with("AIDP_LOG_FILE", directory.resolve("operations.log").toString());
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private String wholeDatabase() {
    return cli.query(
        """
        select string_agg(query_to_xml(format('select * from aidp.%I', c.relname), true, false, '')::text, '')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'aidp' and c.relkind in ('r', 'p')
        """);
  }

  private String allFiles() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> written =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.startsWith(cli.home().resolve("env")))
              .filter(file -> !String.valueOf(file.getFileName()).startsWith("agent"))
              .toList();
      for (Path file : written) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  private void assertNothingWritten(String... secrets) throws IOException {
    String written = wholeDatabase() + allFiles();
    assertThat(written).contains("***").contains("Starting job");
    for (String secret : secrets) {
      assertThat(written).doesNotContain(secret);
    }
  }

  @Test
  void noneOfACommandsSecretsIsWritten() throws Exception {
    cli.write("workspace/key.pem", pem());
    cli.run(
        "exec",
        "--",
        "sh",
        "-c",
        """
        echo "key: $ANTHROPIC_API_KEY"
        echo "$APP_PASSWORD" >&2
        printf %s "user:$ANTHROPIC_API_KEY" | base64
        cat key.pem
        echo "last words: $ANTHROPIC_API_KEY" >&2
        exit 3
        """);
    cli.write("workspace/show.sh", "echo https://app:" + FOREIGN + "@example.org\n");
    cli.run("exec", "--", "sh", "show.sh");
    cli.work();
    Files.delete(cli.workspace().resolve("show.sh"));
    Files.delete(cli.workspace().resolve("key.pem"));
    String encoded =
        Base64.getEncoder().encodeToString(("user:" + KEY).getBytes(StandardCharsets.UTF_8));
    assertNothingWritten(KEY, KEY.substring(0, 20), PASSWORD, "tr0ub4dor", encoded, BODY, FOREIGN);
    assertThat(cli.run("jobs", "result", "2").out()).isEqualTo("https://app:***@example.org\n");
    assertThat(cli.run("jobs", "show", "1").out()).contains("exit 3: last words: ***");
  }

  private static String pem() {
    return "-----BEGIN PRIVATE KEY-----\n" + BODY + "\n" + BODY + "\n-----END PRIVATE KEY-----\n";
  }

  @Test
  void noneOfAnAgentsSecretsIsWritten() throws Exception {
    Path agent = cli.write("agent.sh", "#!/bin/sh\ncat > /dev/null\ncat \"$0.jsonl\"\n");
    assertThat(agent.toFile().setExecutable(true)).isTrue();
    String quoted = PASSWORD.replace("\"", "\\\"");
    cli.write(
        "agent.sh.jsonl",
        """
        {"type":"system","subtype":"init","session_id":"5f0c9a52-8b1e-4c57-9d35-0a1b2c3d4e5f"}
        {"type":"assistant","message":{"content":[{"type":"text","text":"I found\\nKEY in the file"}]}}
        {"type":"assistant","message":{"content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"curl -H 'x-api-key: KEY' -u me:WORD"}}]}}
        {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"{\\"password\\": \\"WORD\\", \\"n\\": 5}"}]}}
        no JSON, but FOREIGN
        {"type":"result","subtype":"success","is_error":false,"result":"It is KEY and WORD.","session_id":"5f0c9a52-8b1e-4c57-9d35-0a1b2c3d4e5f","total_cost_usd":0.5}
        """
            .replace("KEY", KEY)
            .replace("WORD", quoted)
            .replace("FOREIGN", FOREIGN));
    cli.with("AIDP_CLAUDE_CMD", agent.toString()).run("prompt", "--provider", "claude", "look");
    cli.work();
    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("It is *** and ***.\n");
    assertNothingWritten(KEY, "Q1w2E3r4", "tr0ub4dor", "horse", FOREIGN);
    assertThat(cli.query("select data ->> 'input' from aidp.job_logs where data ? 'status'"))
        .contains("x-api-key: ***' -u me:***");
  }

  @Test
  void aPromptIsStoredAsGivenAndShownMasked() throws Exception {
    cli.run("prompt", "--provider", "demo", "log in with " + PASSWORD + "\nand " + FOREIGN);
    cli.work();
    assertThat(cli.query("select prompt from aidp.jobs")).contains(PASSWORD).contains(FOREIGN);
    assertThat(cli.query("select name from aidp.jobs")).isEqualTo("log in with ***");
    // Whoever looks, with whatever environment.
    cli.without("APP_PASSWORD");
    String shown =
        cli.run("jobs", "show", "1").out()
            + cli.run("jobs", "show", "1", "--json").out()
            + cli.run("jobs", "list", "--json").out()
            + cli.run("status").out()
            + allFiles();
    assertThat(shown).contains("log in with ***").doesNotContain("tr0ub4dor", "horse", FOREIGN);
  }
}
