package dev.aidp.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.Permissions;
import dev.aidp.core.pipeline.Node.Agent;
import dev.aidp.core.pipeline.Node.Approval;
import dev.aidp.core.pipeline.Node.Fan;
import dev.aidp.core.pipeline.Node.Gate;
import dev.aidp.core.pipeline.Node.Head;
import dev.aidp.core.pipeline.Node.Options;
import dev.aidp.core.pipeline.Node.Task;
import dev.aidp.core.pipeline.Node.TrackChanges;
import dev.aidp.core.pipeline.PipelineLoader.Loaded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PipelineLoaderTest {
  private static Pipeline valid(String text) {
    return switch (PipelineLoader.load(text, "folder")) {
      case Loaded.Valid valid -> valid.pipeline();
      case Loaded.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  private static String problems(String text) {
    return switch (PipelineLoader.load(text, "folder")) {
      case Loaded.Valid _ -> "";
      case Loaded.Invalid invalid ->
          invalid.problems().stream().map(p -> p.in("p.yaml")).collect(Collectors.joining("\n"));
    };
  }

  @Test
  void theExampleOfTheDocumentationIsRead() {
    Pipeline pipeline =
        valid(
            """
            name: release-notes
            description: Draft and check the release notes
            nodes:
              - id: draft
                type: agent                 # agent | task | gate | approval
                provider: claude            # optional
                prompt: "{{prompt}}"
                output_schema: {type: object, properties: {files: {type: array, items: {type: string}}}, required: [files]}
              - id: check
                type: gate                  # a command that must succeed
                command: npx markdownlint {{draft.files}}
                message: The notes do not lint
                needs: [draft]
                when: "{{draft.files}}"     # optional
              - id: translate
                type: agent
                for_each: "{{draft.files}}" # optional
                prompt: Translate {{item}}
                needs: [check]
            """);

    assertThat(pipeline)
        .isEqualTo(
            new Pipeline(
                "release-notes",
                "Draft and check the release notes",
                List.of(
                    new Agent(
                        new Head("draft", null, List.of(), null),
                        Options.NONE,
                        "{{prompt}}",
                        "claude",
                        null,
                        List.of(),
                        null,
                        new OutputSchema(
                            "{\"type\":\"object\",\"properties\":{\"files\":{\"type\":\"array\","
                                + "\"items\":{\"type\":\"string\"}}},\"required\":[\"files\"]}")),
                    new Gate(
                        new Head("check", null, List.of("draft"), "{{draft.files}}"),
                        Options.NONE,
                        "npx markdownlint {{draft.files}}",
                        "The notes do not lint"),
                    new Agent(
                        new Head("translate", null, List.of("check"), null),
                        new Options(
                            null,
                            Map.of(),
                            null,
                            null,
                            new Fan(List.of("{{draft.files}}"), 4),
                            TrackChanges.NO,
                            List.of()),
                        "Translate {{item}}",
                        null,
                        null,
                        List.of(),
                        null,
                        null))));
  }

  @Test
  void everyKeyIsRead() {
    Pipeline pipeline =
        valid(
            """
            nodes:
              - id: a
                type: agent
                description: first
                prompt: |
                  Do it:
                    now
                model: m
                tools: [Read, "Bash(git *)"]
                permissions: read
                cwd: sub dir
                env: {A: 1, B: , C: "{{item}}"}
                timeout: 1h30m
                max_attempts: 5
                for_each: [x, "{{prompt}}"]
                max_parallel: 2
                outputs: [docs/a.md]
                track_changes: true
                output_schema: '{source: string, tags?: array<string>}'
              - {id: t, type: task, command: true, track_changes: git}
              - {id: ok, type: approval, message: "Ship {{t}}?", when: false}
            """);

    assertThat(pipeline.name()).isEqualTo("folder");
    assertThat(pipeline.nodes())
        .containsExactly(
            new Agent(
                new Head("a", "first", List.of(), null),
                new Options(
                    "sub dir",
                    Map.of("A", "1", "B", "", "C", "{{item}}"),
                    Duration.ofMinutes(90),
                    5,
                    new Fan(List.of("x", "{{prompt}}"), 2),
                    TrackChanges.AUTO,
                    List.of("docs/a.md")),
                "Do it:\n  now\n",
                null,
                "m",
                List.of("Read", "Bash(git *)"),
                Permissions.READ,
                new OutputSchema(
                    "{\"type\":\"object\",\"properties\":{\"source\":{\"type\":\"string\"},"
                        + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
                        + "\"required\":[\"source\"]}")),
            new Task(
                new Head("t", null, List.of("a"), null),
                new Options(null, Map.of(), null, null, null, TrackChanges.GIT, List.of()),
                "true"),
            new Approval(new Head("ok", null, List.of("t"), "false"), "Ship {{t}}?"));
  }

  @Test
  void aSingleNeedsMakesItAGraph() {
    Pipeline pipeline =
        valid(
            """
            nodes:
              - {id: a, type: task, command: x}
              - {id: b, type: task, command: x}
              - {id: c, type: task, command: x, needs: [a, b, a]}
            """);

    assertThat(pipeline.nodes())
        .extracting(Node::needs)
        .containsExactly(List.of(), List.of(), List.of("a", "b"));
  }

  @Test
  void allProblemsAreSaidAtOnceInTheOrderOfTheFile() {
    assertThat(
            problems(
                """
                name: [x]
                nods: 3
                nodes:
                  - id: 2nd
                    type: agnet
                    prompt: hi
                  - id: item
                    type: task
                    comand: make
                  - id: a
                    type: agent
                    prompt: x {{nobody.x}}
                    command: make
                    timeout: soon
                    max_attempts: 0
                    needs: [b, zzzzz]
                  - id: b
                    type: task
                    command: |
                      make
                      echo {{c}} {{item}}
                    needs: a
                    max_parallel: 3
                  - id: a
                    type: gate
                    command: ok
                  - type: approval
                    message:
                  - id: c
                    type: approval
                    env: {A: b}
                """))
        .isEqualTo(
            """
            p.yaml:1:7: 'name' must be a text, not a list; quote it if it has { or [
            p.yaml:2:1: unknown key 'nods' of the file; did you mean 'nodes'?
            p.yaml:4:9: '2nd' is no id; begin with a letter; then letters, digits, _ and -
            p.yaml:5:11: 'type' must be one of agent, task, gate, approval, not 'agnet'; did you mean agent?
            p.yaml:7:5: a task ('item') needs 'command'; write the command that it runs
            p.yaml:7:9: 'item' is reserved: templates have it for something else; call the node by another name
            p.yaml:9:5: unknown key 'comand' of a task ('item'); did you mean 'command'?
            p.yaml:12:15: in 'prompt': {{nobody.x}} names no node; write the id of a node before this one, or \\{{ for the braces themselves
            p.yaml:13:5: unknown key 'command' of an agent ('a'); only these have it: task, gate
            p.yaml:14:14: 'timeout' must be a duration above zero, not 'soon'; write it like 500ms, 30s or 1h30m
            p.yaml:15:19: 'max_attempts' must be a number from 1 to 1000000, not '0'; write it like 3
            p.yaml:16:16: needs 'zzzzz', but no node is called so; write the id of a node
            p.yaml:17:5: 'max_parallel' says how many items run at once, but there is no 'for_each'; add for_each, or remove it
            p.yaml:21:12: in 'command': {{c}} may not have completed when 'b' begins; add needs: [c]
            p.yaml:21:18: in 'command': {{item}} stands in a node without for_each; add for_each, or remove it
            p.yaml:22:12: 'needs' must be a list of texts, not 'a'; write it like [one, two]
            p.yaml:24:9: the id 'a' is taken by the node in line 10; call one of them by another name
            p.yaml:27:5: an approval needs 'id'; write id: NAME
            p.yaml:28:5: 'message' has no value; write one, or remove the key
            p.yaml:31:5: unknown key 'env' of an approval ('c'); only these have it: agent, task, gate
            """
                .strip());
  }

  @Test
  void nodesThatNeedEachOtherAreNamed() {
    assertThat(
            problems(
                """
                nodes:
                  - {id: a, type: task, command: x, needs: [c]}
                  - {id: b, type: task, command: x, needs: [a]}
                  - {id: c, type: task, command: x, needs: [b]}
                  - {id: d, type: task, command: x, needs: [d]}
                """))
        .isEqualTo(
            """
            p.yaml:3:45: nodes need each other in a circle: a → c → b → a; remove one of these needs
            p.yaml:5:45: the node 'd' needs itself; remove one of these needs
            """
                .strip());
  }

  private static final String HEAD = "nodes:\n  - {id: a, type: task, command: x}\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "command: 'echo {{b}}' | p.yaml:5:20: in 'command': {{b}} is the output of the node itself; remove it",
        "command: echo {{c}} | p.yaml:5:19: in 'command': {{c}} may not have completed when 'b' begins; add needs: [c]",
        "command: echo {{promt}} | p.yaml:5:19: in 'command': {{promt}} names no node; did you mean {{prompt}}?",
        "command: echo {{zzzzzz}} | p.yaml:5:19: in 'command': {{zzzzzz}} names no node; write the id of a node before this one, or \\{{ for the braces themselves",
        "command: echo {{item}} | p.yaml:5:19: in 'command': {{item}} stands in a node without for_each; add for_each, or remove it",
        "command: echo {{prompt.x}} | p.yaml:5:19: in 'command': {{prompt.x}} takes a part of the prompt, a text; write {{prompt}}",
        "command: echo {{a} | p.yaml:5:19: in 'command': '{{' is never closed; add }}, or write \\{{ for the braces themselves",
        "command: echo \\{{x}} `{{a}}` | p.yaml:5:27: in 'command': {{a}} can't stand inside backticks; write $(…) instead of `…`",
        "command: \"\\x41 {{a}} {{q}}\" | p.yaml:5:26: in 'command': {{q}} names no node; did you mean {{a}}?",
      })
  void aTemplateThatCannotBeResolvedIsSaidWithItsPlace(String line, String problem) {
    assertThat(
            problems(
                HEAD
                    + "  - id: b\n    type: task\n    "
                    + line
                    + "\n    needs: [a]\n"
                    + "  - {id: c, type: task, command: x, needs: [b]}\n"))
        .isEqualTo(problem);
  }

  @Test
  void theItemIsUnknownBeforeThereAreItems() {
    assertThat(
            problems(
                """
                nodes:
                  - id: a
                    type: agent
                    for_each: ["{{item}}"]
                    when: "{{item}}"
                    prompt: |
                      first {{item}}
                      second {{changed_files.x}}
                """))
        .isEqualTo(
            """
            p.yaml:4:17: in 'for_each': {{item}} is not known in 'for_each', which is decided before there are items; remove it
            p.yaml:5:12: in 'when': {{item}} is not known in 'when', which is decided before there are items; remove it
            p.yaml:8:14: in 'prompt': {{changed_files.x}} takes a field of a file's name; write {{changed_files}}
            """
                .strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "needs: a | 'needs' must be a list of texts, not 'a'; write it like [one, two]",
        "timeout: 5 | 'timeout' must be a duration above zero, not '5'; write it like 500ms, 30s or 1h30m",
        "max_attempts: 1.5 | 'max_attempts' must be a number from 1 to 1000000, not '1.5'; write it like 3",
        "env: [A] | 'env' must be a mapping of names to texts, not a list; write it like {NAME: value}",
        "env: {A-B: x} | 'A-B' is no name of a variable; use letters, digits and underscores",
        "prompt: {a: b} | 'prompt' must be a text, not a mapping; quote it if it has { or [",
        "prompt: | 'prompt' has no value; write one, or remove the key",
        "prompt: ' ' | 'prompt' is empty; write a text, or remove the key",
        "permissions: root | 'permissions' must be one of read, edit, all, not 'root'; write one of them",
        "track_changes: gut | 'track_changes' must be one of git, mtime, true, false, not 'gut'; did you mean git?",
        "provider: shell | 'provider' must be an agent, not 'shell'; for a command write type: task",
        "outputs: [../x] | 'outputs' must be files below the workspace, not '../x'; write a relative path",
        "max_parallel: 3 | 'max_parallel' says how many items run at once, but there is no 'for_each'; add for_each, or remove it",
        "command: x | unknown key 'command' of an agent ('a'); only these have it: task, gate",
        "model: !!str x | the tag tag:yaml.org,2002:str has no meaning here; remove it; quote the value to make it a text",
        "output_schema: {source: string} | 'output_schema' has no keyword of JSON Schema, so that any answer would do; quote the short form: '{source: string, tags: array<string>}'",
        "output_schema: {type: strin} | 'output_schema' is no JSON Schema: /type: does not have a value in the enumeration [\"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\", \"string\"]; write it like {type: object, properties: {…}, required: […]}",
        "output_schema: '{source: strin}' | 'output_schema' is no schema; 'strin}' stands where a type: string, number, integer, boolean, object, any, array<TYPE> or {…} should; write it like {source: string, tags: array<string>}",
        "output_schema: 'array<string' | 'output_schema' is no schema; it ends where '>' should; write it like {source: string, tags: array<string>}",
      })
  void aWrongValueSaysWhatToWrite(String line, String problem) {
    String prompt = line.startsWith("prompt") ? "" : "    prompt: x\n";
    assertThat(problems("nodes:\n  - id: a\n    type: agent\n" + prompt + "    " + line + "\n"))
        .endsWith(problem)
        .startsWith("p.yaml:")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | p.yaml:1:1: the file is empty; write name: and nodes:",
        "`# only a comment` | p.yaml:1:1: the file is empty; write name: and nodes:",
        "name: x | p.yaml:1:1: a pipeline needs 'nodes'; write nodes: and a list of nodes",
        "nodes: | p.yaml:1:1: 'nodes' has no value; write one, or remove the key",
        "nodes: [] | p.yaml:1:8: 'nodes' is empty; write a node: - id: NAME",
        "nodes: hello | p.yaml:1:8: 'nodes' must be a list; begin each node with - id: NAME",
        "nodes: {a: b} | p.yaml:1:8: 'nodes' must be a list; begin each node with - id: NAME",
        "- a | p.yaml:1:1: the file must be a mapping; write `key: value` lines",
        "hello | p.yaml:1:1: the file must be a mapping; write `key: value` lines",
      })
  void aFileWithoutNodesSaysWhatIsMissing(String text, String problem) {
    assertThat(problems(text)).isEqualTo(problem);
  }

  @Test
  void whatIsNoYamlIsSaidWithItsPlace() {
    assertThat(problems("name: x\nnodes:\n\t- id: a\n"))
        .isEqualTo("p.yaml:3:1: a tab stands in the indentation; indent by spaces");
    assertThat(problems("name: \"x\nnodes: []\n")).startsWith("p.yaml:3:1: this is no YAML: ");
    assertThat(problems("name: a: b\n")).startsWith("p.yaml:1:8: this is no YAML: ");
    assertThat(problems("name: x\nnodes: \u0007\n"))
        .startsWith("p.yaml:2:8: the control character U+0007 is not allowed");
    assertThat(problems("name: x\n---\nname: y\n"))
        .isEqualTo("p.yaml:2:1: a second document begins here; keep one; remove the line ---");
    assertThat(problems("name: x\nname: y\nnodes: [1]\n"))
        .isEqualTo(
            """
            p.yaml:2:1: 'name' is there twice; keep one; the first is in line 1
            p.yaml:3:9: a node must be a mapping; write `key: value` lines\
            """
                .strip());
    assertThat(problems("? [a]\n: b\n")).contains("p.yaml:1:3: a key must be a word");
    assertThat(problems("nodes: *x\n")).contains("p.yaml:1:8: the alias *x refers to itself");
    assertThat(problems("nodes: &x [*x]\n")).contains("p.yaml:1:12: the alias *x refers to itself");
  }

  @Test
  void aliasesMaySaveTyping() {
    assertThat(
            valid(
                    """
                    nodes:
                      - {id: a, type: task, command: x, env: &env {A: b}}
                      - {id: b, type: task, command: x, env: *env}
                    """)
                .nodes()
                .getLast()
                .options()
                .env())
        .isEqualTo(Map.of("A", "b"));
  }

  @Test
  void aBombOfAliasesIsRefused() {
    StringBuilder bomb = new StringBuilder("name: x\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      String alias = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n"
              .formatted(i, i, String.join(",", java.util.Collections.nCopies(10, alias))));
    }

    assertThat(problems(bomb.toString())).contains("aliases make more than 200000 values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- "})
  void aDeepFileIsRefused(String open) {
    assertThat(problems("nodes: " + (open.equals("- ") ? "\n" : "") + open.repeat(50_000)))
        .contains("nested deeper than 64 levels");
  }

  @Test
  void aLargeFileIsRefused() {
    assertThat(problems("name: x\n" + "# filler\n".repeat(1_200_000)))
        .startsWith("p.yaml:1:1: the file is larger than 1 MiB");
    assertThat(problems("nodes:\n" + "  - {id: a}\n".repeat(6_000)))
        .isEqualTo(
            "p.yaml:2:3: a pipeline has at most 5000 nodes; use for_each for many jobs of one kind");
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsAreFine() {
    assertThat(valid("\uFEFFnodes:\r\n  - {id: a, type: task, command: x}\r\n").nodes()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "command: x {{ prompt }}",
        "command: x\n    env: {A: '{{prompt}}'}",
        "command: x\n    when: '{{prompt}}'",
        "command: x\n    cwd: '{{prompt}}'",
        "command: x\n    for_each: '{{prompt}}'",
        "command: x\n    message: '{{prompt}}'",
      })
  void aPromptIsOnlyAskedForWhereItIsUsed(String lines) {
    assertThat(valid("nodes:\n  - id: a\n    type: gate\n    " + lines + "\n").usesPrompt())
        .isTrue();
    assertThat(valid(HEAD + "  - {id: b, type: task, command: 'x \\{{prompt}}'}\n").usesPrompt())
        .isFalse();
  }

  @Test
  void whatWasLoadedIsKeptAsJson() {
    Pipeline pipeline = valid(HEAD + "  - {id: b, type: gate, command: 'x {{a.y}}'}\n");
    assertThat(PipelineJson.read(PipelineJson.write(pipeline))).isEqualTo(pipeline);
  }
}
