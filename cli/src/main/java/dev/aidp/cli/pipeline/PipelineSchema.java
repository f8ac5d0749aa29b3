package dev.aidp.cli.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The JSON Schema of pipeline files, for editors.
public final class PipelineSchema {
  private PipelineSchema() {}

  public static String text() {
    try (InputStream in =
        Objects.requireNonNull(PipelineSchema.class.getResourceAsStream("pipeline.schema.json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
