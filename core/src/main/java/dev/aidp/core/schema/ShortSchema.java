package dev.aidp.core.schema;

import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The short form of a schema: `{source: string, tags: array<string>, note?: string}`.
///
/// Types are `string`, `number`, `integer`, `boolean`, `object`, `any`, `array<TYPE>` (or `TYPE[]`)
/// and `{…}`. A field is required unless its name ends with `?`; fields that are not named are
/// allowed.
public final class ShortSchema {
  private static final int MAX_DEPTH = 32;
  private static final Map<String, String> TYPES =
      Map.of(
          "string", "string",
          "number", "number",
          "integer", "integer",
          "boolean", "boolean",
          "object", "object",
          "any", "");

  private final String text;
  private int at;

  private ShortSchema(String text) {
    this.text = text;
  }

  /// @return the JSON Schema that it stands for
  /// @throws IllegalArgumentException saying what is wrong, then what to write
  public static ObjectNode expand(String text) {
    ShortSchema parser = new ShortSchema(text);
    ObjectNode schema = parser.type(0);
    if (parser.at < text.length()) {
      throw parser.wrong("the end");
    }
    return schema;
  }

  private ObjectNode type(int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("it is nested too deep; write a JSON Schema");
    }
    skipBlanks();
    ObjectNode schema = peek() == '{' ? object(depth) : named(depth);
    skipBlanks();
    while (text.startsWith("[]", at)) {
      at += 2;
      schema = arrayOf(schema);
      skipBlanks();
    }
    return schema;
  }

  private ObjectNode named(int depth) {
    int start = at;
    String word = word();
    skipBlanks();
    if (word.equals("array")) {
      if (peek() != '<') {
        return JsonNodeFactory.instance.objectNode().put("type", "array");
      }
      at++;
      ObjectNode elements = type(depth + 1);
      expect('>');
      return arrayOf(elements);
    }
    String type = TYPES.get(word);
    if (type == null) {
      at = start;
      throw wrong("a type: string, number, integer, boolean, object, any, array<TYPE> or {…}");
    }
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    return type.isEmpty() ? schema : schema.put("type", type);
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    expect('{');
    skipBlanks();
    while (peek() != '}') {
      String name = word();
      if (name.isEmpty()) {
        throw wrong("a field's name");
      }
      if (properties.has(name)) {
        throw new IllegalArgumentException("the field '" + name + "' is there twice; keep one");
      }
      skipBlanks();
      if (peek() == '?') {
        at++;
      } else {
        required.add(name);
      }
      expect(':');
      properties.set(name, type(depth + 1));
      skipBlanks();
      if (peek() != '}') {
        expect(',');
        skipBlanks();
      }
    }
    at++;
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static ObjectNode arrayOf(ObjectNode elements) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
    schema.set("items", elements);
    return schema;
  }

  private String word() {
    int start = at;
    while (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '-' || peek() == '$') {
      at++;
    }
    return text.substring(start, at);
  }

  private void expect(char c) {
    skipBlanks();
    if (peek() != c) {
      throw wrong("'" + c + "'");
    }
    at++;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /// NUL at the end, which no rule takes.
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private IllegalArgumentException wrong(String wanted) {
    String rest = text.substring(at, Math.min(text.length(), at + 20));
    return new IllegalArgumentException(
        (rest.isEmpty() ? "it ends where " : "'" + rest + "' stands where ")
            + wanted
            + " should; write it like {source: string, tags: array<string>}");
  }
}
