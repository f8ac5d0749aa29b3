package dev.aidp.worker.node;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.pipeline.Node;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.template.Scope;
import dev.aidp.core.template.Template;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.ShellProvider;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A `task` or a `gate`: a command line for bash.
record CommandNode(Node node, String command, Scope scope, Attempt attempt) {

  NodeEnded run() throws InterruptedException, NodeFailure {
    String commandLine = Template.parse(command).command(scope).replace('\0', '\uFFFD');
    NodePlace place = NodePlace.of(node, scope, attempt);
    attempt
        .events()
        .log(LogLevel.DEBUG, LogCategory.NODE, "$ " + commandLine, Map.of("command", commandLine));
    ChangedFiles before = ChangedFiles.before(node, attempt);
    Outcome outcome =
        ShellProvider.bash(
            attempt.with(attempt.job(), place.directory(), place.environment()), commandLine);
    if (!(outcome instanceof Outcome.Completed completed)) {
      return new NodeEnded.Finished(outcome, null);
    }
    String stdout = completed.figures().result();
    return new NodeEnded.Finished(
        outcome,
        new NodeEnd.Output(
            output(stdout == null ? "" : stdout),
            false,
            completed.figures().exitCode(),
            before.since()));
  }

  /// JSON where it is an object or an array, else the text without its last line ends.
  static String output(String stdout) {
    String text = withoutLastLineEnds(stdout);
    String stripped = text.strip();
    if (stripped.startsWith("{") || stripped.startsWith("[")) {
      try {
        JsonNode json = NodeInputs.JSON.readTree(stripped);
        if (json.isObject() || json.isArray()) {
          return json.toString();
        }
      } catch (JacksonException _) {
        // It is text that begins like JSON.
      }
    }
    return NodeInputs.JSON.writeValueAsString(text);
  }

  private static String withoutLastLineEnds(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }
}
