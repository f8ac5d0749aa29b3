package dev.aidp.core.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an execution of a pipeline's node brings with it beside its outcome. Stored in the
/// transaction that ends the execution, and only if the job then stands as it should.
public sealed interface NodeEnd {

  /// The node has completed with this.
  ///
  /// @param json its output as a JSON value
  /// @param skipped whether its `when` did not hold
  /// @param exitCode of its command; null if it has none
  record Output(String json, boolean skipped, @Nullable Integer exitCode, List<String> changedFiles)
      implements NodeEnd {
    public Output {
      changedFiles = List.copyOf(changedFiles);
    }
  }

  /// The list of its `for_each` is known: the job waits for one job per item.
  ///
  /// @param items JSON values, at least one
  /// @param maxParallel how many may run at once
  record FanOut(List<String> items, int maxParallel) implements NodeEnd {
    public FanOut {
      items = List.copyOf(items);
      if (items.isEmpty() || maxParallel < 1) {
        throw new IllegalArgumentException("a fan-out has items, and places for them");
      }
    }
  }

  /// The job waits for an answer.
  ///
  /// @param message what is to be approved; null: nothing more than the node's name
  record Asked(@Nullable String message) implements NodeEnd {}
}
