package dev.aidp.db.read;

import dev.aidp.core.job.Usage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The column `usage`.
final class UsageJson {
  private UsageJson() {}

  static Usage read(String json) {
    JsonNode node = JsonMapper.shared().readTree(json);
    return new Usage(
        node.path("inputTokens").asLong(0),
        node.path("outputTokens").asLong(0),
        node.path("cachedTokens").asLong(0));
  }
}
