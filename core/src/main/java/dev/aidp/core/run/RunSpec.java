package dev.aidp.core.run;

import dev.aidp.core.job.JobSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is queued: one run of a pipeline, all of its nodes at once.
///
/// @param pipeline its name
/// @param path of its file; null for one that ships with aidp
/// @param definition the whole pipeline as a JSON object: the run keeps what it was queued with
/// @param prompt what `{{prompt}}` stands for; null if the pipeline does not ask for one
/// @param place where it works; that of every node
/// @param key idempotency key in the workspace identity
/// @param nodes each after those that it needs
public record RunSpec(
    UUID id,
    String pipeline,
    @Nullable String path,
    @Nullable String description,
    String definition,
    @Nullable String prompt,
    JobSpec.Place place,
    @Nullable String key,
    List<Node> nodes) {

  public RunSpec {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a run has at least one node");
    }
    Set<String> known = new HashSet<>();
    for (Node node : nodes) {
      if (!known.containsAll(node.needs())) {
        throw new IllegalArgumentException(node.id() + " comes before a node that it needs");
      }
      if (!known.add(node.id())) {
        throw new IllegalArgumentException("two nodes are called " + node.id());
      }
    }
  }

  /// A node as a job. The job's own key, run and needs do not count.
  ///
  /// @param definition its part of the pipeline, as a JSON object: what its worker goes by
  public record Node(JobSpec job, String definition, List<String> needs) {
    public Node {
      needs = List.copyOf(needs);
      if (job.node() == null) {
        throw new IllegalArgumentException("the job of a node names it");
      }
    }

    public String id() {
      String id = job.node();
      return id == null ? "" : id;
    }
  }
}
