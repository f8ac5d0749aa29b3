package dev.aidp.core.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which keys each type of node has.
final class NodeKeys {
  private static final List<String> EVERY = List.of("id", "type", "description", "needs", "when");
  private static final List<String> JOB =
      List.of("cwd", "env", "timeout", "max_attempts", "for_each", "max_parallel", "outputs");

  private static final Map<String, List<String>> BY_TYPE = new LinkedHashMap<>();

  static {
    List<String> agent =
        List.of(
            "prompt",
            "provider",
            "model",
            "tools",
            "permissions",
            "output_schema",
            "track_changes");
    BY_TYPE.put("agent", join(EVERY, agent, JOB));
    BY_TYPE.put("task", join(EVERY, List.of("command", "track_changes"), JOB));
    BY_TYPE.put("gate", join(EVERY, List.of("command", "message"), JOB));
    BY_TYPE.put("approval", join(EVERY, List.of("message")));
  }

  private NodeKeys() {}

  static List<String> types() {
    return List.copyOf(BY_TYPE.keySet());
  }

  /// Every key that some type has, for a node whose type is not known.
  static List<String> all() {
    return BY_TYPE.values().stream().flatMap(List::stream).distinct().toList();
  }

  static List<String> of(String type) {
    return BY_TYPE.getOrDefault(type, all());
  }

  /// The types that have this key.
  static List<String> ownersOf(String key) {
    return types().stream().filter(type -> of(type).contains(key)).toList();
  }

  @SafeVarargs
  private static List<String> join(List<String>... parts) {
    List<String> keys = new ArrayList<>();
    for (List<String> part : parts) {
      keys.addAll(part);
    }
    return List.copyOf(keys);
  }
}
