package dev.aidp.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.job.Permissions;
import dev.aidp.core.pipeline.Node.Agent;
import dev.aidp.core.pipeline.Node.Approval;
import dev.aidp.core.pipeline.Node.Fan;
import dev.aidp.core.pipeline.Node.Gate;
import dev.aidp.core.pipeline.Node.Head;
import dev.aidp.core.pipeline.Node.Options;
import dev.aidp.core.pipeline.Node.Task;
import dev.aidp.core.pipeline.Node.TrackChanges;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PipelineJsonTest {
  private static final Options ALL =
      new Options(
          "sub dir",
          Map.of("FILE", "{{item}}", "EMPTY", ""),
          Duration.ofMillis(90_500),
          5,
          new Fan(List.of("{{draft.files}}", "\"; rm -rf / #\n😀"), 7),
          TrackChanges.GIT,
          List.of("out.md"));

  @Test
  void whatWasWrittenIsReadAsItWas() {
    Pipeline pipeline =
        new Pipeline(
            "all",
            "every kind of node",
            List.of(
                new Agent(
                    new Head("draft", "drafts", List.of(), null),
                    ALL,
                    "{{prompt}}",
                    "claude",
                    "opus",
                    List.of("Read", "Edit"),
                    Permissions.READ,
                    new OutputSchema("{\"type\":\"object\",\"required\":[\"files\"]}")),
                new Agent(
                    new Head("plain", null, List.of("draft"), "{{draft.files}}"),
                    Options.NONE,
                    "x",
                    null,
                    null,
                    List.of(),
                    null,
                    null),
                new Task(new Head("t", null, List.of("draft", "plain"), null), ALL, "make"),
                new Gate(new Head("g", null, List.of("t"), null), Options.NONE, "false", "no"),
                new Gate(new Head("g2", null, List.of("t"), null), ALL, "false", null),
                new Approval(new Head("a", null, List.of("g", "g2"), null), "Ship {{draft}}?")));

    assertThat(PipelineJson.read(PipelineJson.write(pipeline))).isEqualTo(pipeline);
  }

  @Test
  void keysOfALaterVersionArePassedOver() {
    Pipeline read =
        PipelineJson.read(
            """
            {"name": "p", "color": 1, "nodes": [
              {"id": "a", "type": "task", "command": "true", "needs": [], "retries": {"x": 1}}]}
            """);

    assertThat(read)
        .isEqualTo(
            new Pipeline(
                "p",
                null,
                List.of(new Task(new Head("a", null, List.of(), null), Options.NONE, "true"))));
  }

  @Test
  void whatIsNoPipelineIsRefused() {
    for (String json :
        List.of(
            "",
            "[]",
            "{\"name\": \"p\", \"nodes\": []}",
            "{\"name\": \"p\", \"nodes\": [{\"id\": \"a\", \"type\": \"dance\", \"needs\": []}]}",
            "{\"name\": \"p\", \"nodes\": [{\"id\": \"a\", \"type\": \"task\", \"needs\": []}]}")) {
      assertThatThrownBy(() -> PipelineJson.read(json))
          .as(json)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
