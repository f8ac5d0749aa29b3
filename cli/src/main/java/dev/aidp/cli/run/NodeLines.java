package dev.aidp.cli.run;

import dev.aidp.cli.output.Console;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A line for each change of a node, as plain text: mark, node, status, and what there is to say.
public final class NodeLines implements RunWaiting.View {
  private final Console console;
  private final boolean quiet;
  private final Map<Long, String> said = new HashMap<>();

  /// @param quiet says nothing at all: only the end counts
  public NodeLines(Console console, boolean quiet) {
    this.console = console;
    this.quiet = quiet;
  }

  @Override
  public void show(Run run, List<RunNode> nodes) {
    if (quiet) {
      return;
    }
    for (RunNode node : nodes) {
      String line = line(node);
      // What has not been released yet is not news.
      boolean news = node.status() != JobStatus.WAITING || !isNotItsTurn(node);
      if (!line.equals(said.put(node.jobId(), line)) && news && node.status() != JobStatus.QUEUED) {
        String mark = console.mark(node.status());
        console.out().println(console.paint(node.status(), mark + " " + line));
      }
    }
  }

  private static boolean isNotItsTurn(RunNode node) {
    String reason = node.reason();
    return reason != null
        && (reason.startsWith("needs ") || reason.startsWith("waits for a place"));
  }

  private static String line(RunNode node) {
    StringBuilder line = new StringBuilder(node.id()).append(' ').append(node.status().word());
    switch (node.status()) {
      case COMPLETED -> {
        if (node.skipped()) {
          line.append(" (skipped)");
        } else if (node.startedAt() != null && node.completedAt() != null) {
          Duration took = Duration.between(node.startedAt(), node.completedAt());
          line.append(' ').append(Durations.format(took.isNegative() ? Duration.ZERO : took));
        }
      }
      case FAILED -> append(line, node.error());
      case INTERRUPTED, WAITING -> append(line, node.reason());
      case RUNNING -> {
        if (node.attempt() > 1) {
          line.append(" (attempt ").append(node.attempt()).append(')');
        }
      }
      case QUEUED -> {}
    }
    return SafeText.oneLine(line.toString());
  }

  private static void append(StringBuilder line, @org.jspecify.annotations.Nullable String why) {
    if (why != null) {
      line.append(": ").append(why);
    }
  }
}
