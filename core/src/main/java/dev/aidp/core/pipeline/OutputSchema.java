package dev.aidp.core.pipeline;

/// The JSON Schema that an agent's answer must satisfy.
///
/// @param json the schema as compact JSON text; the short form is expanded already
public record OutputSchema(String json) {
  public OutputSchema {
    if (json.isBlank()) {
      throw new IllegalArgumentException("a schema is a JSON value");
    }
  }
}
