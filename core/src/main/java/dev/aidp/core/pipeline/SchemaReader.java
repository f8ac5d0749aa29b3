package dev.aidp.core.pipeline;

import dev.aidp.core.schema.AnswerSchema;
import dev.aidp.core.schema.ShortSchema;
import dev.aidp.core.yaml.Problem;
import dev.aidp.core.yaml.YamlJson;
import dev.aidp.core.yaml.YamlValue;
import dev.aidp.core.yaml.YamlValue.Mapping;
import dev.aidp.core.yaml.YamlValue.Scalar;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `output_schema`: a JSON Schema, or the short form of one.
final class SchemaReader {
  private static final String KEY = "output_schema";

  /// Any of these shows that a mapping is meant as JSON Schema.
  private static final Set<String> KEYWORDS =
      Set.of(
          "type",
          "properties",
          "items",
          "required",
          "enum",
          "const",
          "anyOf",
          "oneOf",
          "allOf",
          "not",
          "if",
          "$ref",
          "$schema",
          "$defs",
          "additionalProperties",
          "patternProperties",
          "prefixItems",
          "minItems",
          "minLength",
          "pattern",
          "minimum",
          "maximum",
          "format");

  private SchemaReader() {}

  /// @return null if there is none, or it is no schema, which is a problem
  static @Nullable OutputSchema read(Fields fields, List<Problem> problems) {
    YamlValue value = fields.value(KEY);
    return switch (value) {
      case null -> null;
      case Scalar scalar -> shortForm(fields, scalar);
      case Mapping mapping -> schema(fields, mapping, problems);
      case YamlValue.Sequence list -> {
        fields.mustBe(list, KEY, "a JSON Schema", "write it like {type: object, properties: {…}}");
        yield null;
      }
    };
  }

  private static @Nullable OutputSchema shortForm(Fields fields, Scalar scalar) {
    try {
      return new OutputSchema(ShortSchema.expand(scalar.text()).toString());
    } catch (IllegalArgumentException e) {
      fields.problem(
          scalar.position(), "'" + KEY + "' is no schema", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static @Nullable OutputSchema schema(
      Fields fields, Mapping mapping, List<Problem> problems) {
    if (!mapping.entries().isEmpty()
        && mapping.entries().keySet().stream().noneMatch(KEYWORDS::contains)) {
      fields.problem(
          mapping.position(),
          "'" + KEY + "' has no keyword of JSON Schema, so that any answer would do",
          "quote the short form: '{source: string, tags: array<string>}'");
      return null;
    }
    String json = YamlJson.of(mapping, problems).toString();
    try {
      AnswerSchema.of(json);
      return new OutputSchema(json);
    } catch (IllegalArgumentException e) {
      fields.problem(
          mapping.position(),
          "'" + KEY + "' is no JSON Schema: " + e.getMessage(),
          "write it like {type: object, properties: {…}, required: […]}");
      return null;
    }
  }
}
