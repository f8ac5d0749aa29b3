package dev.aidp.core.pipeline;

import dev.aidp.core.template.Template;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pipeline as a run keeps it: checked, with every node's needs written out.
///
/// @param nodes in the order of the file; ids are unique, needs name nodes and have no cycle
public record Pipeline(String name, @Nullable String description, List<Node> nodes) {

  /// @throws IllegalArgumentException if the nodes are no graph; the loader says it with positions
  public Pipeline {
    nodes = List.copyOf(nodes);
    if (name.isBlank() || nodes.isEmpty()) {
      throw new IllegalArgumentException("a pipeline needs a name and a node");
    }
    Set<String> ids = new HashSet<>();
    for (Node node : nodes) {
      if (!ids.add(node.id())) {
        throw new IllegalArgumentException("two nodes are called " + node.id());
      }
    }
    NodeGraph graph = graph(nodes);
    if (!ids.containsAll(graph.named())) {
      throw new IllegalArgumentException("a node needs one that is not there");
    }
    if (!graph.cycle().isEmpty()) {
      throw new IllegalArgumentException("nodes need each other: " + graph.cycle());
    }
  }

  public Optional<Node> node(String id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
  }

  /// Every node that must have ended before this one begins, the farthest included.
  public SequencedSet<String> ancestors(String id) {
    return graph(nodes).ancestors(id);
  }

  /// Whether some node asks for what the run was queued with.
  public boolean usesPrompt() {
    return nodes.stream()
        .flatMap(node -> node.templates().stream())
        .flatMap(text -> Template.parse(text).references().stream())
        .anyMatch(reference -> reference.name().equals("prompt"));
  }

  private static NodeGraph graph(List<Node> nodes) {
    Map<String, List<String>> needs = new LinkedHashMap<>();
    nodes.forEach(node -> needs.put(node.id(), node.needs()));
    return new NodeGraph(needs);
  }
}
