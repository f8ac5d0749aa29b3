package dev.aidp.worker.engine;

import dev.aidp.core.secret.SecretMask;
import dev.aidp.core.text.SafeText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON that PostgreSQL takes as jsonb: it refuses NUL and lone surrogates even when escaped.
/// Secrets are masked string by string, so that its structure stays.
final class StorableJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private StorableJson() {}

  static String write(Map<String, ?> data, SecretMask mask) {
    return JSON.writeValueAsString(clean(data, mask));
  }

  private static @Nullable Object clean(@Nullable Object value, SecretMask mask) {
    return switch (value) {
      case null -> null;
      case String text -> text(text, mask);
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> cleaned = new LinkedHashMap<>();
        map.forEach(
            (key, element) -> cleaned.put(text(String.valueOf(key), mask), clean(element, mask)));
        yield cleaned;
      }
      case List<?> list -> {
        List<@Nullable Object> cleaned = new java.util.ArrayList<>(list.size());
        list.forEach(element -> cleaned.add(clean(element, mask)));
        yield cleaned;
      }
      case JsonNode node -> clean(JSON.convertValue(node, Object.class), mask);
      default -> value;
    };
  }

  private static String text(String text, SecretMask mask) {
    return SafeText.storable(mask.mask(text));
  }
}
