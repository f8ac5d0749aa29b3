package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.RunText.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The nodes of a run as a tree: each below the last of those that it needs. A chain stays on one
/// level: that of its first node, or in a branch that of its second.
record RunTree(List<Row> rows) {
  RunTree {
    rows = List.copyOf(rows);
  }

  /// A line of it.
  ///
  /// @param branch what is drawn before the node
  record Row(String branch, Node node) {}

  static RunTree of(List<Node> nodes, boolean ascii) {
    Builder builder = new Builder(ascii);
    Map<Long, Node> known = new HashMap<>();
    nodes.forEach(node -> known.put(node.jobId(), node));
    List<Node> roots = new ArrayList<>();
    for (Node node : nodes) {
      long parent = node.needs().stream().filter(known::containsKey).reduce((_, b) -> b).orElse(0L);
      if (parent == 0) {
        roots.add(node);
      } else {
        builder.children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(node);
      }
    }
    for (Node root : roots) {
      builder.add("", "", root, true);
    }
    // Whatever goes in circles is shown all the same.
    nodes.stream()
        .filter(node -> !builder.drawn.contains(node.jobId()))
        .forEach(node -> builder.rows.add(new Row("", node)));
    return new RunTree(builder.rows);
  }

  private static final class Builder {
    private final Map<Long, List<Node>> children = new LinkedHashMap<>();
    private final Set<Long> drawn = new HashSet<>();
    private final List<Row> rows = new ArrayList<>();
    private final boolean ascii;

    Builder(boolean ascii) {
      this.ascii = ascii;
    }

    /// @param branch before the node itself
    /// @param indent before what is below it
    /// @param chain whether a single node below it is on its level
    void add(String branch, String indent, Node first, boolean chain) {
      Node node = first;
      String before = branch;
      boolean level = chain;
      while (drawn.add(node.jobId())) {
        rows.add(new Row(before, node));
        List<Node> below = children.getOrDefault(node.jobId(), List.of());
        if (below.size() != 1 || !level) {
          for (int i = 0; i < below.size(); i++) {
            boolean last = i == below.size() - 1;
            String fork = ascii ? (last ? "`-" : "|-") : (last ? "└─" : "├─");
            String line = ascii ? "|  " : "│  ";
            add(indent + fork, indent + (last ? "   " : line), below.get(i), below.size() == 1);
          }
          return;
        }
        node = below.getFirst();
        before = indent;
        level = true;
      }
    }
  }
}
