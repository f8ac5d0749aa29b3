package dev.aidp.worker.provider;

/// Counts the answers of a model: what it says and which tools it calls, until it gets the results
/// of these.
final class Turns {
  private int count;
  private boolean answering;

  void answers() {
    if (!answering) {
      answering = true;
      count++;
    }
  }

  void getsResult() {
    answering = false;
  }

  int count() {
    return count;
  }
}
