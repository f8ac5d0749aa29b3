package dev.aidp.worker.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Plays recorded runs of an agent CLI instead of starting it: the n-th call plays the n-th case.
final class RecordedRuns implements ProcessRunner {
  private final String cli;
  private final Deque<String> cases;
  private final List<Command> commands = new ArrayList<>();

  RecordedRuns(String cli, String... cases) {
    this.cli = cli;
    this.cases = new ArrayDeque<>(List.of(cases));
  }

  @Override
  public Exit run(Command command, Output output) {
    commands.add(command);
    String name = cases.removeFirst();
    output.started(_ -> {});
    lines(name + ".stderr.txt").forEach(output::stderr);
    lines(name + ".stdout.jsonl").forEach(output::stdout);
    return new Exit.Code(Integer.parseInt(lines(name + ".exit").getFirst()));
  }

  List<Command> commands() {
    return commands;
  }

  private List<String> lines(String file) {
    try (InputStream in = RecordedRuns.class.getResourceAsStream("/" + cli + "/" + file)) {
      if (in == null) {
        return List.of();
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
      if (lines.getLast().isEmpty()) {
        lines.removeLast();
      }
      return lines;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
