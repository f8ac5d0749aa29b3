package dev.aidp.core.template;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Values as text.
public final class ValueText {
  private ValueText() {}

  /// Text as it is, null as nothing, objects as JSON, the elements of a list joined by spaces.
  public static String of(JsonNode value) {
    return value.isArray() ? String.join(" ", words(value)) : word(value);
  }

  /// The elements of a list, or the value alone.
  static List<String> words(JsonNode value) {
    if (!value.isArray()) {
      return List.of(word(value));
    }
    List<String> words = new ArrayList<>();
    value.forEach(element -> words.add(word(element)));
    return words;
  }

  private static String word(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> value.asString();
      case NULL, MISSING -> "";
      case NUMBER, BOOLEAN, OBJECT, ARRAY, BINARY, POJO -> value.toString();
    };
  }

  /// What `when` asks: not empty, false, 0 or null, be it a value or the text of one.
  public static boolean isTrue(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> isTrue(value.asString().strip());
      case NULL, MISSING -> false;
      case NUMBER -> value.decimalValue().signum() != 0;
      case BOOLEAN -> value.booleanValue();
      case OBJECT, ARRAY -> !value.isEmpty();
      case BINARY, POJO -> true;
    };
  }

  private static boolean isTrue(String text) {
    return switch (text) {
      case "", "false", "0", "null", "[]", "{}" -> false;
      default -> true;
    };
  }
}
