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

/// A workflow that ships with aidp: `NAME/pipeline.yaml` and its templates beside it.
final class WorkflowFile {
  private final String name;

  WorkflowFile(String name) {
    this.name = name;
  }

  /// Its steps in order.
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    Object root =
        new Load(LoadSettings.builder().build()).loadFromString(resource("pipeline.yaml"));
    for (Object node : list(map(root).get("nodes"))) {
      Map<?, ?> fields = map(node);
      steps.add(
          new Step(
              text(fields.get("id")),
              text(fields.get("description")),
              fields.get("template") == null ? null : text(fields.get("template")),
              list(fields.get("outputs")).stream().map(WorkflowFile::text).toList()));
    }
    return steps;
  }

  /// A file beside the workflow's own.
  String resource(String file) {
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

  private static String text(@Nullable Object value) {
    return String.valueOf(value);
  }
}
