package dev.aidp.worker.engine;

import dev.aidp.core.text.SafeText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON that PostgreSQL takes as jsonb: it refuses NUL and lone surrogates even when escaped.
final class StorableJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private StorableJson() {}

  static String write(Map<String, ?> data) {
    return JSON.writeValueAsString(clean(data));
  }

  private static @Nullable Object clean(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> SafeText.storable(text);
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> cleaned = new LinkedHashMap<>();
        map.forEach(
            (key, element) -> cleaned.put(SafeText.storable(String.valueOf(key)), clean(element)));
        yield cleaned;
      }
      case List<?> list -> {
        List<@Nullable Object> cleaned = new java.util.ArrayList<>(list.size());
        list.forEach(element -> cleaned.add(clean(element)));
        yield cleaned;
      }
      case JsonNode node -> clean(JSON.convertValue(node, Object.class));
      default -> value;
    };
  }
}
