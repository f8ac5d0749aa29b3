package dev.aidp.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.pipeline.PipelineLoader;
import dev.aidp.core.pipeline.PipelineLoader.Loaded;
import dev.aidp.core.schema.AnswerSchema;
import dev.aidp.core.schema.AnswerSchema.Verdict;
import dev.aidp.core.yaml.YamlJson;
import dev.aidp.core.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The schema for editors says the same as the loader.
final class PipelineSchemaTest {
  private static final AnswerSchema SCHEMA = AnswerSchema.of(PipelineSchema.text());

  private static boolean schemaAccepts(String yaml) {
    String json =
        YamlJson.of(
                Objects.requireNonNull(YamlReader.read(yaml, new ArrayList<>())), new ArrayList<>())
            .toString();
    return SCHEMA.judge(json) instanceof Verdict.Accepted;
  }

  private static boolean loaderAccepts(String yaml) {
    return PipelineLoader.load(yaml, "x") instanceof Loaded.Valid;
  }

  @Test
  void everyKeyOfEveryTypeIsKnownToBoth() {
    String job =
        ", description: d, needs: [], when: 1, cwd: x, env: {A: 1, B: }, timeout: 1h30m,"
            + " max_attempts: 2, for_each: [a, 1], max_parallel: 2, outputs: [a]}\n";
    String yaml =
        "name: n\ndescription: d\nnodes:\n"
            + "  - {id: a, type: agent, prompt: x, provider: claude, model: m, tools: [Read],"
            + " permissions: read, output_schema: {type: object}, track_changes: true"
            + job
            + "  - {id: b, type: task, command: true, track_changes: git"
            + job
            + "  - {id: c, type: gate, command: x, message: m"
            + job
            + "  - {id: d, type: approval, message: m, description: d, needs: [a], when: false}\n";

    assertThat(loaderAccepts(yaml)).isTrue();
    assertThat(schemaAccepts(yaml)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nodes: []",
        "name: x",
        "nodes: [{id: a, type: task, command: x}]\nmore: 1",
        "nodes: [{id: a, type: task}]",
        "nodes: [{id: a, type: dance, command: x}]",
        "nodes: [{id: item, type: task, command: x}]",
        "nodes: [{id: 2nd, type: task, command: x}]",
        "nodes: [{id: a, type: task, command: x, prompt: y}]",
        "nodes: [{id: a, type: task, command: x, track_changes: maybe}]",
        "nodes: [{id: a, type: task, command: x, needs: a}]",
        "nodes: [{id: a, type: task, command: x, timeout: soon}]",
        "nodes: [{id: a, type: task, command: x, max_attempts: 0}]",
        "nodes: [{id: a, type: task, command: x, env: {A-B: c}}]",
        "nodes: [{id: a, type: agent, prompt: x, permissions: root}]",
        "nodes: [{id: a, type: approval, cwd: x}]",
      })
  void whatIsWrongIsWrongToBoth(String yaml) {
    assertThat(loaderAccepts(yaml)).isFalse();
    assertThat(schemaAccepts(yaml)).isFalse();
  }
}
