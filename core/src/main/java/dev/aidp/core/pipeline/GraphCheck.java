package dev.aidp.core.pipeline;

import dev.aidp.core.pipeline.NodeDraft.Need;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Suggestion;
import dev.aidp.core.yaml.Position;
import dev.aidp.core.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether the nodes of a file are a graph: ids once, needs that are there, no cycle.
final class GraphCheck {
  private static final int MAX_CYCLES = 10;

  private GraphCheck() {}

  static void check(List<NodeDraft> drafts, List<Problem> problems) {
    Map<String, NodeDraft> byId = new HashMap<>();
    for (NodeDraft draft : drafts) {
      NodeDraft first = draft.id() == null ? null : byId.putIfAbsent(draft.id(), draft);
      if (first != null) {
        problems.add(
            new Problem(
                draft.at(),
                "the id '" + draft.id() + "' is taken by the node in line " + first.at().line(),
                "call one of them by another name"));
      }
    }
    for (NodeDraft draft : drafts) {
      for (Need need : draft.needs()) {
        if (!byId.containsKey(need.id())) {
          problems.add(unknown(need, byId));
        }
      }
    }
    cycles(byId, drafts, problems);
  }

  private static Problem unknown(Need need, Map<String, NodeDraft> byId) {
    return new Problem(
        need.at(),
        "needs '" + SafeText.oneLine(need.id()) + "', but no node is called so",
        Suggestion.nearest(need.id(), byId.keySet())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("write the id of a node"));
  }

  /// Each found cycle is cut, so that the next one is found.
  private static void cycles(
      Map<String, NodeDraft> byId, List<NodeDraft> drafts, List<Problem> problems) {
    Map<String, List<String>> needs = new LinkedHashMap<>();
    for (NodeDraft draft : drafts) {
      if (draft.id() != null) {
        needs.putIfAbsent(
            draft.id(), new ArrayList<>(draft.needs().stream().map(Need::id).toList()));
      }
    }
    for (int i = 0; i < MAX_CYCLES; i++) {
      List<String> cycle = new NodeGraph(needs).cycle();
      if (cycle.isEmpty()) {
        return;
      }
      String from = cycle.get(cycle.size() - 2);
      String to = cycle.getLast();
      problems.add(
          new Problem(
              at(byId.get(from), to),
              cycle.size() == 2
                  ? "the node '" + from + "' needs itself"
                  : "nodes need each other in a circle: " + String.join(" → ", cycle),
              "remove one of these needs"));
      needs.getOrDefault(from, new ArrayList<>()).removeIf(to::equals);
    }
  }

  private static Position at(@Nullable NodeDraft draft, String need) {
    if (draft == null) {
      return Position.START;
    }
    return draft.needs().stream()
        .filter(it -> it.id().equals(need))
        .map(Need::at)
        .findFirst()
        .orElse(draft.at());
  }
}
