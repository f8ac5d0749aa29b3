package dev.aidp.cli.output;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Prints JSON: one line for programs, indented on a terminal.
public final class Json {
  static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  public static void print(Console console, JsonNode node) {
    console.out().println(console.outIsTerminal() ? node.toPrettyString() : node.toString());
  }

  /// For streams of objects: always one line.
  public static void printLine(Console console, JsonNode node) {
    console.out().println(node.toString());
  }
}
