package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pipelines of many shapes, from the file to the end of their runs.
final class RunsTest {
  private final Cli cli;

  RunsTest(@TempDir Path directory) {
    cli = new Cli(directory);
    cli.with("AIDP_PROVIDER", "demo");
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private String queue(String yaml, String... arguments) {
    Result result = tryToQueue(yaml, arguments);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out().strip();
  }

  private Result tryToQueue(String yaml, String... arguments) {
    cli.write("workspace/pipeline.yaml", yaml);
    String[] all = new String[arguments.length + 2];
    all[0] = "run";
    all[1] = "pipeline.yaml";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return cli.run(all);
  }

  private JsonNode ended(String yaml, String... arguments) {
    String id = queue(yaml, arguments);
    cli.work();
    return show(id);
  }

  private JsonNode show(String id) {
    Result result = cli.run("runs", "show", id, "--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }

  private static String statuses(JsonNode run) {
    StringBuilder text = new StringBuilder(run.path("status").asString()).append(':');
    run.path("nodes")
        .forEach(node ->
            text.append(' ')
                .append(node.path("id").asString())
                .append('=')
                .append(node.path("status").asString()));
    return text.toString();
  }

  private static JsonNode node(JsonNode run, String id) {
    for (JsonNode node : run.path("nodes")) {
      if (node.path("id").asString().equals(id)) {
        return node;
      }
    }
    throw new AssertionError(id + " in " + run);
  }

  @Test
  void aSequenceHandsItsOutputsOn() {
    JsonNode run =
        ended(
            """
            name: sequence
            nodes:
              - id: list
                type: task
                command: echo '{"files":["a b.txt","it\\u0027s.txt"],"n":2}'
              - id: each
                type: task
                command: printf '[%s]' {{list.files}}; echo
              - id: last
                type: gate
                command: test {{each}} = "[a b.txt][it's.txt]" && test {{list.n}} -eq 2
            """);
    assertThat(statuses(run)).isEqualTo("completed: list=completed each=completed last=completed");
    assertThat(node(run, "list").path("output").toString())
        .isEqualTo("{\"files\":[\"a b.txt\",\"it's.txt\"],\"n\":2}");
    assertThat(node(run, "each").path("needs").toString()).isEqualTo("[\"list\"]");
    assertThat(run.path("pipeline").asString()).isEqualTo("sequence");
  }

  @Test
  void aDiamondRunsItsSidesBetweenTopAndBottom() {
    JsonNode run =
        ended(
            """
            name: diamond
            nodes:
              - {id: top, type: task, command: echo top}
              - {id: left, type: task, command: "echo {{top}}-left", needs: [top]}
              - {id: right, type: task, command: "echo {{top}}-right", needs: [top]}
              - {id: bottom, type: task, command: "echo {{left}} {{right}}", needs: [left, right]}
            """);
    assertThat(node(run, "bottom").path("output").asString()).isEqualTo("top-left top-right");
  }

  @Test
  void theFilesOfARunTellOfAllItsNodesAndAreMadeAnewByExport() throws Exception {
    JsonNode run =
        ended(
            """
            name: files
            description: Two at once
            nodes:
              - {id: one, type: task, command: "echo said by one", needs: []}
              - {id: two, type: agent, provider: demo, prompt: hello, needs: []}
            """);
    Path directory = Path.of(run.path("artifactsDir").asString());
    List<String> lines = Files.readAllLines(directory.resolve("logs.jsonl"));
    JsonNode first = JsonMapper.shared().readTree(lines.getFirst());
    assertThat(first.path("message").asString()).isEqualTo("Starting pipeline: files");
    assertThat(first.path("category").asString()).isEqualTo("pipeline");
    assertThat(first.path("data").toString()).isEqualTo("{\"description\":\"Two at once\"}");
    assertThat(lines.getLast()).contains("Pipeline completed");
    JsonNode said =
        lines.stream()
            .map(line -> JsonMapper.shared().readTree(line))
            .filter(line -> line.path("message").asString().equals("said by one"))
            .findFirst()
            .orElseThrow();
    assertThat(said.path("data").path("node").asString()).isEqualTo("one");
    assertThat(Files.readString(directory.resolve("tool-calls.jsonl")))
        .contains("\"node\":\"two\"");
    JsonNode metadata =
        JsonMapper.shared().readTree(Files.readString(directory.resolve("metadata.json")));
    assertThat(metadata.path("pipelineName").asString()).isEqualTo("files");
    assertThat(metadata.path("status").asString()).isEqualTo("completed");
    assertThat(metadata.path("nodes").size()).isEqualTo(2);

    Result exported = cli.run("runs", "export", run.path("id").asString(), "copy");
    assertThat(exported.out().strip()).isEqualTo(cli.workspace().resolve("copy").toString());
    for (String file : List.of("logs.jsonl", "logs.txt", "tool-calls.jsonl")) {
      assertThat(Files.readAllLines(cli.workspace().resolve("copy").resolve(file)))
          .as(file)
          .containsExactlyInAnyOrderElementsOf(Files.readAllLines(directory.resolve(file)));
    }
  }

  @Test
  void aListOfFiftyItemsFansOutAndComesBackInOrder() {
    JsonNode run =
        ended(
            """
            name: fan
            nodes:
              - {id: list, type: task, command: "echo [$(seq -s, 0 49)]"}
              - {id: twice, type: task, for_each: "{{list}}", max_parallel: 2, needs: [list], command: "expr {{item}} + {{item}} || true"}
              - {id: none, type: task, for_each: "{{list.exit_code}}", when: "{{list.exit_code}}", command: "echo {{item}}", needs: [list]}
              - {id: count, type: gate, command: "test $(printf '%s\\n' {{twice}} | wc -l) -eq 50", needs: [twice, none]}
            """);
    assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("completed");
    JsonNode twice = node(run, "twice").path("output");
    assertThat(twice.size()).isEqualTo(50);
    assertThat(twice.path(0).asString() + " " + twice.path(49).asString()).isEqualTo("0 98");
    assertThat(node(run, "twice[49]").path("status").asString()).isEqualTo("completed");
    assertThat(node(run, "none").path("skipped").asBoolean()).isTrue();
  }

  @Test
  void anEmptyListCompletesWithNothing() {
    JsonNode run =
        ended(
            """
            name: empty
            nodes:
              - {id: list, type: task, command: "echo []"}
              - {id: each, type: task, for_each: "{{list}}", command: "echo {{item}}"}
            """);
    assertThat(statuses(run)).isEqualTo("completed: list=completed each=completed");
    assertThat(node(run, "each").path("output").toString()).isEqualTo("[]");
  }

  @Test
  void aGateFailsTheRunWithItsMessageOnceTheOthersHaveEnded() {
    JsonNode run =
        ended(
            """
            name: gated
            nodes:
              - {id: draft, type: task, command: echo x}
              - {id: lint, type: gate, command: "exit 3", message: "{{draft}} does not lint", needs: [draft]}
              - {id: after, type: task, command: echo never, needs: [lint]}
              - {id: beside, type: task, command: echo still, needs: [draft]}
            """);
    assertThat(statuses(run))
        .isEqualTo("failed: draft=completed lint=failed after=interrupted beside=completed");
    assertThat(run.path("error").asString()).isEqualTo("x does not lint");
    assertThat(node(run, "after").path("reason").asString()).isEqualTo("needs lint (failed)");
  }

  @Test
  void anApprovalWaitsAndARejectionRunsTheAgentAgainWithTheComment() {
    String id =
        queue(
            """
            name: approved
            nodes:
              - {id: draft, type: agent, provider: demo, prompt: "Draft it [[demo: answer=first]]"}
              - {id: ok, type: approval, message: "Is {{draft}} fine?"}
              - {id: ship, type: task, command: "echo shipped"}
            """);
    cli.work();
    JsonNode run = show(id);
    assertThat(statuses(run)).isEqualTo("waiting: draft=completed ok=waiting ship=waiting");
    String job = node(run, "ok").path("jobId").asString();
    assertThat(node(run, "ok").path("reason").asString())
        .isEqualTo("approval (aidp approve " + job + ")");
    assertThat(cli.run("reject", job, "--comment", "shorter").exitCode()).isZero();
    assertThat(statuses(show(id))).isEqualTo("running: draft=queued ok=waiting ship=waiting");
    cli.work();
    assertThat(cli.run("jobs", "logs", node(run, "draft").path("jobId").asString()).out())
        .contains("is told: Your result was rejected, with this comment:");
    assertThat(cli.run("approve", job).exitCode()).isZero();
    cli.work();
    assertThat(show(id).path("status").asString()).isEqualTo("completed");
    assertThat(cli.run("approve", job).exitCode()).isEqualTo(4);
  }

  @Test
  void aWrongAnswerIsAskedForAgainWithinOneAttempt() {
    JsonNode run =
        ended(
            """
            name: schema
            nodes:
              - id: plan
                type: agent
                provider: demo
                prompt: "Plan it [[demo: answer='no json' answer='{\\"files\\": 3}' answer='{\\"files\\": [\\"a\\"]}']]"
                output_schema: '{files: array<string>}'
              - {id: use, type: task, command: "echo {{plan.files}}"}
            """);
    assertThat(statuses(run))
        .as(run.toString())
        .isEqualTo("completed: plan=completed use=completed");
    assertThat(node(run, "plan").path("output").toString()).isEqualTo("{\"files\":[\"a\"]}");
    assertThat(node(run, "plan").path("attempt").asInt()).isEqualTo(1);
  }

  @Test
  void answersThatNeverFitFailTheNode() {
    JsonNode run =
        ended(
            """
            name: schema
            nodes:
              - id: plan
                type: agent
                provider: demo
                prompt: "Plan it [[demo: answer=nothing]]"
                output_schema: '{files: array<string>}'
            """);
    assertThat(run.path("error").asString()).startsWith("plan: none of 4 answers fits");
  }

  @Test
  void changedFilesKeepTheirNames() throws Exception {
    Files.writeString(cli.workspace().resolve("old.txt"), "old");
    JsonNode run =
        ended(
            """
            name: changes
            nodes:
              - id: write
                type: task
                track_changes: mtime
                command: |
                  mkdir -p d && echo 1 > 'd/a b.txt' && echo 2 > "it's \\"q\\".txt" && echo 3 > $'new\\nline'
              - {id: count, type: task, command: "for f in {{changed_files}}; do test -f \\"$f\\" && echo ok; done | wc -l"}
            """);
    assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("completed");
    assertThat(node(run, "count").path("output").asString().strip()).isEqualTo("3");
  }

  @Test
  void gitTellsWhatANodeChanged() throws Exception {
    String script =
        "git init -q . && git config user.email a@b && git config user.name n && echo 1 > kept && echo 1 > dirty && git add . && git commit -qm one && echo 2 > dirty";
    assertThat(cli.run("exec", "--", "bash", "-c", script).exitCode()).isZero();
    cli.work();
    JsonNode run =
        ended(
            """
            name: changes
            nodes:
              - {id: write, type: task, track_changes: git, command: "echo 2 > kept; echo x > 'new one'; echo c > done; git add done; git commit -qm two"}
              - {id: show, type: task, command: "printf '%s\\n' {{write.changed_files}}"}
            """);
    assertThat(node(run, "show").path("output").asString()).isEqualTo("done\nkept\nnew one");
  }

  @Test
  void hostileTextStaysText() {
    String hostile = "\"; rm -rf / # $(touch pwned) `touch pwned` '";
    JsonNode run =
        ended(
            """
            name: hostile
            nodes:
              - {id: say, type: task, command: "printf '%s' {{prompt}}"}
              - {id: again, type: task, command: "printf '%s' \\"{{say}}\\""}
            """,
            "-p", hostile);
    assertThat(node(run, "again").path("output").asString()).isEqualTo(hostile);
    assertThat(cli.workspace().resolve("pwned")).doesNotExist();
  }

  @Test
  void aNodeTimesOutAndAnotherIsTriedAgain() {
    JsonNode run =
        ended(
            """
            name: limits
            nodes:
              - {id: slow, type: task, command: sleep 60, timeout: 300ms, needs: []}
              - {id: flaky, type: task, max_attempts: 2, command: "test -e tried || { touch tried; exit 1; }", needs: []}
            """);
    assertThat(statuses(run)).isEqualTo("failed: slow=failed flaky=completed");
    assertThat(run.path("error").asString()).startsWith("slow: timed out after");
    assertThat(node(run, "flaky").path("attempt").asInt()).isEqualTo(2);
  }

  @Test
  void aNameThatResolvesToNothingEndsTheNodeBeforeItStarts() {
    JsonNode run =
        ended(
            """
            name: unresolved
            nodes:
              - {id: a, type: task, command: "echo '{\\"x\\": 1}'"}
              - {id: b, type: task, command: "touch ran; echo {{a.y}}"}
            """);
    assertThat(node(run, "b").path("error").asString()).contains("{{a.y}} resolves to nothing");
    assertThat(cli.workspace().resolve("ran")).doesNotExist();
  }

  @Test
  void theDirectoryOfANodeStaysWithinTheWorkspace() {
    JsonNode run =
        ended(
            """
            name: places
            nodes:
              - {id: make, type: task, command: "mkdir -p sub; echo ../.."}
              - {id: here, type: task, cwd: sub, env: {WHO: "{{make}}"}, command: "pwd; echo $WHO"}
              - {id: out, type: task, cwd: "{{make}}", command: "touch escaped"}
            """);
    assertThat(node(run, "here").path("output").asString()).endsWith("/workspace/sub\n../..");
    assertThat(node(run, "out").path("error").asString()).contains("outside of the workspace");
  }

  @Test
  void resumeRunsWhatDidNotCompleteWithTheStoredOutputs() {
    String id =
        queue(
            """
            name: resumed
            nodes:
              - {id: once, type: task, command: "echo ran >> count; echo value"}
              - {id: flaky, type: task, command: "test -e mended && echo {{once}}"}
              - {id: last, type: task, command: "echo {{flaky}}"}
            """);
    cli.work();
    assertThat(statuses(show(id)))
        .isEqualTo("failed: once=completed flaky=failed last=interrupted");
    cli.write("workspace/mended", "");
    assertThat(cli.run("runs", "resume", id.substring(0, 8)).out().strip()).isEqualTo(id);
    cli.work();
    JsonNode run = show(id);
    assertThat(statuses(run)).isEqualTo("completed: once=completed flaky=completed last=completed");
    assertThat(node(run, "last").path("output").asString()).isEqualTo("value");
    assertThat(cli.workspace().resolve("count")).hasContent("ran");
    assertThat(cli.run("runs", "resume", id).exitCode()).isEqualTo(4);

    String again = cli.run("runs", "rerun", id).out().strip();
    cli.work();
    assertThat(show(again).path("status").asString()).isEqualTo("completed");
    assertThat(cli.run("runs", "list").out().lines()).hasSize(2);
    assertThat(cli.run("runs", "list").out()).startsWith(again + "\tresumed\tcompleted\t");
  }

  @Test
  void asksForAPromptOnlyWhereItIsUsed() {
    String yaml = "name: p\nnodes:\n  - {id: a, type: task, command: \"echo {{prompt}}\"}\n";
    Result refused = tryToQueue(yaml);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("-p TEXT");
    cli.stdin("from stdin".getBytes(StandardCharsets.UTF_8));
    JsonNode run = ended(yaml, "-p", "-");
    assertThat(node(run, "a").path("output").asString()).isEqualTo("from stdin");
    assertThat(run.path("prompt").asString()).isEqualTo("from stdin");
  }

  @Test
  void saysWhatIsWrongAndWhatIsMissing() {
    assertThat(cli.run("run", "nothing").exitCode()).isEqualTo(4);
    Result invalid = tryToQueue("name: x\nnodes:\n  - {id: a, type: tusk}\n");
    assertThat(invalid.exitCode()).isEqualTo(2);
    assertThat(invalid.err()).contains("pipeline.yaml:3:");
    assertThat(cli.run("runs", "show", "abcd").exitCode()).isEqualTo(4);
    assertThat(cli.run("runs", "show", "xyz").exitCode()).isEqualTo(2);
    assertThat(cli.run("approve", "4711").exitCode()).isEqualTo(4);
  }

  @Test
  void aKeyQueuesOnce() {
    String yaml = "name: k\nnodes:\n  - {id: a, type: task, command: echo 1}\n";
    assertThat(queue(yaml, "--key", "k")).isEqualTo(queue(yaml, "--key", "k"));
    JsonNode queued = JsonMapper.shared().readTree(tryToQueue(yaml, "--json").out());
    assertThat(queued.path("jobIds").size()).isEqualTo(1);
    assertThat(queued.path("runId").isString()).isTrue();
  }

  @Test
  void aCancelledRunIsInterrupted() {
    String id =
        queue(
            "name: c\nnodes:\n  - {id: a, type: task, command: echo 1}\n  - {id: b, type: task, command: echo 2}\n");
    assertThat(cli.run("runs", "cancel", id).exitCode()).isZero();
    assertThat(statuses(show(id))).isEqualTo("interrupted: a=interrupted b=interrupted");
    assertThat(cli.run("runs", "cancel", id).exitCode()).isEqualTo(4);
  }
}
