package dev.aidp.core.pipeline;

import dev.aidp.core.yaml.Position;
import dev.aidp.core.yaml.YamlValue.Scalar;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A node as the file has it, good or bad: what the checks of the whole file look at.
///
/// @param id null if there is none that can be one
/// @param at where its id stands, or the node
/// @param needs as they are effective
/// @param texts that may hold templates
/// @param node null if something is wrong with it
record NodeDraft(
    @Nullable String id,
    Position at,
    List<Need> needs,
    List<Text> texts,
    boolean fansOut,
    @Nullable Node node) {
  NodeDraft {
    needs = List.copyOf(needs);
    texts = List.copyOf(texts);
  }

  /// @param at where it stands; the node's own place if it is not written out
  record Need(String id, Position at) {}

  /// A text with what templates may do in it.
  ///
  /// @param key for messages
  record Text(String key, Scalar scalar, Use use) {}

  enum Use {
    /// Plain text of a job, where `{{item}}` is known.
    JOB,
    /// A shell command of a job.
    COMMAND,
    /// Decided once for the node, before there are items.
    NODE
  }

  Node checked() {
    return Objects.requireNonNull(node, "a node that was not checked");
  }
}
