package dev.aidp.cli.run;

import dev.aidp.cli.output.Console;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.text.SafeText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The nodes of a run on a terminal, drawn over its last picture with every change. Shows as many
/// lines as fit: what runs and what went wrong first, then the rest in order.
public final class LiveGraph implements RunWaiting.View {
  private final Console console;
  private final int width;
  private final int height;
  private int drawn;

  public LiveGraph(Console console, int width, int height) {
    this.console = console;
    this.width = Math.max(20, width);
    this.height = Math.max(4, height);
  }

  @Override
  public void show(Run run, List<RunNode> nodes) {
    List<String> lines = new ArrayList<>();
    lines.add(cut(run.pipeline() + "  " + RunWaiting.shortened(run.id()) + "  " + counts(nodes)));
    List<RunNode> shown = fitting(nodes);
    for (RunNode node : shown) {
      lines.add(console.paint(node.status(), cut(line(node))));
    }
    if (shown.size() < nodes.size()) {
      lines.add(cut("… and " + (nodes.size() - shown.size()) + " more"));
    }
    StringBuilder picture = new StringBuilder();
    if (drawn > 0) {
      picture.append("\u001b[").append(drawn).append('A');
    }
    picture.append("\r\u001b[J");
    lines.forEach(line -> picture.append(line).append('\n'));
    drawn = lines.size();
    console.out().print(picture);
  }

  private List<RunNode> fitting(List<RunNode> nodes) {
    int room = height - 3;
    if (nodes.size() <= room) {
      return nodes;
    }
    List<RunNode> urgent =
        nodes.stream()
            .filter(node ->
                switch (node.status()) {
                  case RUNNING, FAILED -> true;
                  case QUEUED, COMPLETED, INTERRUPTED, WAITING -> false;
                })
            .limit(room)
            .toList();
    List<RunNode> shown = new ArrayList<>();
    int free = room - urgent.size();
    for (RunNode node : nodes) {
      if (urgent.contains(node)) {
        shown.add(node);
      } else if (free > 0 && !node.status().ended()) {
        shown.add(node);
        free--;
      }
    }
    return shown;
  }

  private static String counts(List<RunNode> nodes) {
    Map<JobStatus, Integer> counts = new EnumMap<>(JobStatus.class);
    nodes.forEach(node -> counts.merge(node.status(), 1, Integer::sum));
    int done = counts.getOrDefault(JobStatus.COMPLETED, 0);
    return done + "/" + nodes.size() + " done";
  }

  private String line(RunNode node) {
    StringBuilder line = new StringBuilder();
    line.append(node.fanOutId() == null ? "" : "  ");
    line.append(console.mark(node.status())).append(' ').append(node.id());
    line.append("  ").append(node.status().word());
    line.append(node.skipped() ? " (skipped)" : "");
    String why = node.error() == null ? node.reason() : node.error();
    if (why != null) {
      line.append("  ").append(why);
    } else if (!node.needs().isEmpty() && !node.status().ended()) {
      line.append("  after ").append(String.join(", ", node.needs()));
    }
    return line.toString();
  }

  private String cut(String line) {
    String clean = SafeText.oneLine(line);
    int points = clean.codePointCount(0, clean.length());
    return points < width
        ? clean
        : clean.substring(0, clean.offsetByCodePoints(0, width - 2)) + "…";
  }
}
