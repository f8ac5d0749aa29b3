package dev.aidp.cli.workflow;

import java.util.Locale;

/// How the approval of a step stands.
public enum Approval {
  /// Nobody has to agree.
  NONE,
  /// The step has not completed.
  PENDING,
  /// It has, and nobody has answered.
  ASKED,
  APPROVED,
  /// The step is to be run again.
  REJECTED;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
