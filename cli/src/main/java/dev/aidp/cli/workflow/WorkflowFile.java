package dev.aidp.cli.workflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Reads a workflow that ships with aidp: `NAME/pipeline.yaml` and the templates beside it.
final class WorkflowFile {
  private final String name;

  private WorkflowFile(String name) {
    this.name = name;
  }

  static Workflow read(String name) {
    return new WorkflowFile(name).workflow();
  }

  private Workflow workflow() {
    Map<?, ?> root =
        map(new Load(LoadSettings.builder().build()).loadFromString(resource("pipeline.yaml")));
    List<String> approvals = texts(root.get("approvals"));
    List<Step> steps = new ArrayList<>();
    for (Object node : list(root.get("nodes"))) {
      Map<?, ?> fields = map(node);
      String id = text(fields.get("id"));
      steps.add(
          new Step(
              id,
              text(fields.get("description")),
              resource(text(fields.get("template"))),
              null,
              texts(fields.get("outputs")),
              texts(fields.get("reads")),
              Boolean.TRUE.equals(fields.get("code")),
              approvals.contains(id)));
    }
    return new Workflow(name, steps);
  }

  private String resource(String file) {
    try (InputStream stream = WorkflowFile.class.getResourceAsStream(name + "/" + file)) {
      return new String(
          Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static List<String> texts(@Nullable Object value) {
    return list(value).stream().map(WorkflowFile::text).toList();
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value);
  }
}
