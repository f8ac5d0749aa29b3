package dev.aidp.worker.process;

/// Takes a job's output.
///
/// Called by the job's two reader threads, one at a time, with the lines of each stream in order.
/// It must not block: while it does, the child's pipe fills, and agents whose reader lags drop the
/// rest of their stream. What it throws is thrown by [JobProcess#await()]; it gets no more lines
/// then, but the output is drained all the same.
@FunctionalInterface
public interface LineConsumer {
  /// Takes the next line.
  void accept(OutputLine line);
}
