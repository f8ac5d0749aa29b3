package dev.aidp.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Streams;
import dev.aidp.core.pipeline.PipelineLoader;
import dev.aidp.core.pipeline.PipelineLoader.Loaded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DryRunTest {
  private static final String NOTES =
      """
      name: notes
      description: Draft and check
      nodes:
        - id: draft
          type: agent
          prompt: |
            Write notes:
            {{prompt}}
          output_schema: '{files: array<string>}'
        - id: spell
          type: task
          description: Spelling
          command: |
            spell {{draft.files}} \\
              --words {{prompt}}
          env: {MODE: strict}
          needs: [draft]
        - id: lint
          type: gate
          command: lint "{{prompt}}"
          message: "{{draft.files}} do not lint"
          needs: [draft]
          when: "{{draft.files}}"
        - id: each
          type: agent
          model: big
          for_each: ["{{draft.files}}", more]
          prompt: Mend {{item}}
          cwd: docs
          needs: [spell, lint]
        - id: ok
          type: approval
          message: Ship it?
          needs: [each]
      """;

  private static DryRun of(@Nullable String prompt) {
    if (PipelineLoader.load(NOTES, "x") instanceof Loaded.Valid valid) {
      return new DryRun(
          valid.pipeline(), prompt, agent -> agent.provider() == null ? "claude" : "other");
    }
    throw new AssertionError("invalid");
  }

  private static String printed(DryRun run) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console =
        new Console(
            new Streams(new ByteArrayInputStream(new byte[0]), out, out, false, false, false),
            Map.of());
    run.print(console);
    console.out().flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theGraphTheCommandsAndThePromptsAreShown() {
    assertThat(printed(of("it's \u001b[31m \"big\"")))
        .isEqualTo(
            """
            notes: Draft and check
              draft → (spell, lint) → each → ok

            draft  agent, by claude
              > Write notes:
              > it's ␛[31m "big"
              answers in JSON: {"type":"object","properties":{"files":{"type":"array","items":{"type":"string"}}},"required":["files"]}

            spell  task, needs draft
              Spelling
              MODE=strict
              $ spell {{draft.files}} \\
                  --words 'it'\\''s ␛[31m "big"'

            lint  gate, needs draft, when {{draft.files}}
              $ lint "it's ␛[31m \\"big\\""
              if it fails: {{draft.files}} do not lint

            each  agent, by claude big, needs spell lint, for each of {{draft.files}} more, at most 4 at once, in docs
              > Mend {{item}}

            ok  approval, needs each
              asks: Ship it?
            """);
  }

  @Test
  void programsGetTheSame() {
    assertThat(of(null).json().at("/nodes/2").toString())
        .isEqualTo(
            "{\"id\":\"lint\",\"type\":\"gate\",\"needs\":[\"draft\"],\"when\":\"{{draft.files}}\","
                + "\"provider\":null,\"prompt\":null,\"command\":\"lint \\\"{{prompt}}\\\"\","
                + "\"message\":\"{{draft.files}} do not lint\"}");
  }
}
