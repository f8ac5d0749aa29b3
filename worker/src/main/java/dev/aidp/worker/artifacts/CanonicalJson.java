package dev.aidp.worker.artifacts;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes JSON in the one form that `jsonb` would keep, without its spaces: an entry gives the same
/// line whether it comes from the writer's memory or from the database. Nothing in it ends a line,
/// not even for readers that know U+2028 or U+0085.
final class CanonicalJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /// The order in which `jsonb` keeps keys.
  private static final Comparator<String> KEYS =
      Comparator.<String>comparingInt(key -> key.getBytes(StandardCharsets.UTF_8).length)
          .thenComparing((a, b) ->
              java.util.Arrays.compareUnsigned(
                  a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));

  private CanonicalJson() {}

  /// @return null for null, and for what is no JSON an object that holds the text
  static @Nullable JsonNode parse(@Nullable String json) {
    if (json == null) {
      return null;
    }
    try {
      return JSON.readTree(json);
    } catch (JacksonException _) {
      return JSON.createObjectNode().put("text", json);
    }
  }

  static void write(StringBuilder out, JsonNode node) {
    if (node.isObject()) {
      object(out, node);
    } else if (node.isArray()) {
      out.append('[');
      for (int i = 0; i < node.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        write(out, node.get(i));
      }
      out.append(']');
    } else if (node.isString()) {
      quote(out, node.asString());
    } else if (node.isNumber()) {
      number(out, node.decimalValue());
    } else {
      out.append(node.isBoolean() ? String.valueOf(node.asBoolean()) : "null");
    }
  }

  private static void object(StringBuilder out, JsonNode node) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(node.properties());
    if (fields.size() > 1) {
      fields.sort(Map.Entry.comparingByKey(KEYS));
    }
    out.append('{');
    String separator = "";
    for (Map.Entry<String, JsonNode> field : fields) {
      out.append(separator);
      quote(out, field.getKey());
      out.append(':');
      write(out, field.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private static void number(StringBuilder out, BigDecimal value) {
    // PostgreSQL writes numbers out in full; beyond this they are numbers in name only.
    out.append(Math.abs((long) value.scale()) > 1000 ? value.toString() : value.toPlainString());
  }

  static void quote(StringBuilder out, @Nullable String text) {
    if (text == null) {
      out.append("null");
      return;
    }
    out.append('"');
    int clean = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c != '"' && c != '\\' && c < 0x7F) {
        continue;
      }
      if (!needsEscape(text, i, c)) {
        continue;
      }
      out.append(text, clean, i);
      escape(out, c);
      clean = i + 1;
    }
    out.append(text, clean, text.length()).append('"');
  }

  private static boolean needsEscape(String text, int i, char c) {
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }
    return c < 0x20
        || c == '"'
        || c == '\\'
        || (c >= 0x7F && c <= 0x9F)
        || c == 0x2028
        || c == 0x2029;
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(Character.forDigit(c >> shift & 0xF, 16));
        }
      }
    }
  }
}
