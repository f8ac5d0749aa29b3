package dev.aidp.core.yaml;

import dev.aidp.core.yaml.YamlValue.Mapping;
import dev.aidp.core.yaml.YamlValue.Scalar;
import dev.aidp.core.yaml.YamlValue.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// YAML values as JSON.
public final class YamlJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private YamlJson() {}

  /// @param problems gets what JSON has no word for
  public static JsonNode of(YamlValue value, List<Problem> problems) {
    return switch (value) {
      case Scalar scalar -> scalar(scalar, problems);
      case Sequence sequence -> {
        ArrayNode array = JSON.arrayNode();
        sequence.items().forEach(item -> array.add(of(item, problems)));
        yield array;
      }
      case Mapping mapping -> {
        ObjectNode object = JSON.objectNode();
        mapping.entries().forEach((key, entry) -> object.set(key, of(entry.value(), problems)));
        yield object;
      }
    };
  }

  private static JsonNode scalar(Scalar scalar, List<Problem> problems) {
    String text = scalar.text();
    return switch (scalar.kind()) {
      case TEXT -> JSON.stringNode(text);
      case NULL -> JSON.nullNode();
      case BOOLEAN -> JSON.booleanNode(text.equalsIgnoreCase("true"));
      case INTEGER -> JSON.numberNode(integer(text));
      case NUMBER -> {
        try {
          yield JSON.numberNode(new BigDecimal(text));
        } catch (NumberFormatException e) {
          problems.add(
              new Problem(scalar.position(), text + " is no number of JSON", "write a finite one"));
          yield JSON.nullNode();
        }
      }
    };
  }

  private static BigInteger integer(String text) {
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
  }
}
