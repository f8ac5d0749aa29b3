package dev.aidp.core.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/// Which node needs which. Needs that name no node are passed over.
///
/// @param needs by id, in the order of the file
record NodeGraph(Map<String, List<String>> needs) {
  NodeGraph {
    needs = Collections.unmodifiableMap(new LinkedHashMap<>(needs));
  }

  /// All ids that are needed by some node.
  Set<String> named() {
    Set<String> named = new HashSet<>();
    needs.values().forEach(named::addAll);
    return named;
  }

  SequencedSet<String> ancestors(String id) {
    SequencedSet<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(of(id));
    while (!open.isEmpty()) {
      String next = open.poll();
      if (found.add(next)) {
        open.addAll(of(next));
      }
    }
    return found;
  }

  /// The ids of one cycle, each needing the next, the first again at the end; empty if there is
  /// none. Without recursion: a file may hold thousands of nodes in a row.
  List<String> cycle() {
    Set<String> done = new HashSet<>();
    for (String start : needs.keySet()) {
      List<String> cycle = cycleFrom(start, done);
      if (!cycle.isEmpty()) {
        return cycle;
      }
    }
    return List.of();
  }

  private List<String> cycleFrom(String start, Set<String> done) {
    SequencedSet<String> path = new LinkedHashSet<>();
    Deque<Iterator<String>> open = new ArrayDeque<>();
    if (!done.contains(start)) {
      path.add(start);
      open.push(of(start).iterator());
    }
    while (!open.isEmpty()) {
      if (!open.element().hasNext()) {
        open.pop();
        done.add(path.removeLast());
        continue;
      }
      String next = open.element().next();
      if (path.contains(next)) {
        List<String> cycle = new ArrayList<>(path);
        cycle.subList(0, cycle.indexOf(next)).clear();
        cycle.add(next);
        return cycle;
      }
      if (needs.containsKey(next) && !done.contains(next)) {
        path.add(next);
        open.push(of(next).iterator());
      }
    }
    return List.of();
  }

  private List<String> of(String id) {
    return needs.getOrDefault(id, List.of());
  }
}
