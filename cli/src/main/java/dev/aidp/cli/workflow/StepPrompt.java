package dev.aidp.cli.workflow;

import dev.aidp.cli.job.JobRequest;
import dev.aidp.db.read.ReadWorkflow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Composes what a step asks an agent for: its template, what the project is, what earlier steps
/// have written, what was asked and answered, and the files to write.
public final class StepPrompt {
  /// Of all quoted outputs together: the agent can read the rest itself.
  private static final int QUOTED_CHARS = 24_000;

  private final WorkflowProgress progress;
  private final ProjectContext project;

  public StepPrompt(WorkflowProgress progress, Path workspace) {
    this.progress = progress;
    this.project = new ProjectContext(workspace);
  }

  /// @param provider who does it; null: as the options and the configuration have it
  /// @param needs jobs that must have completed first
  public JobRequest request(StepState state, @Nullable String provider, List<Long> needs) {
    Step step = state.step();
    // A name of its own for each turn: of several callers at once, one queues the step.
    String key = progress.name() + "/" + step.id() + "@" + state.lastJobId();
    return new JobRequest(
        progress.name() + "/" + step.id(),
        step.id(),
        provider,
        compose(state),
        List.of(),
        step.outputs(),
        key,
        needs,
        Map.of("workflow", progress.name(), "step", step.id()));
  }

  private String compose(StepState state) {
    Step step = state.step();
    return Stream.of(
            step.template().strip() + "\n",
            rejection(state),
            "# The project\n",
            project.describe(),
            "# What earlier steps have written\n",
            earlier(state),
            questions(step),
            files(step))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static String rejection(StepState state) {
    ReadWorkflow.Step latest = state.latest();
    if (latest == null || state.approval() != Approval.REJECTED) {
      return "";
    }
    String comment = latest.comment();
    return """
    # Your last result was rejected

    What you have written for this task was read, and not accepted.%s Change it accordingly, and leave
    the rest as it is.
    """
        .formatted(
            comment == null || comment.isBlank()
                ? " No reason was given: look for what is wrong, incomplete or unclear."
                : " The reason:\n\n> " + comment.strip().replace("\n", "\n> ") + "\n\n");
  }

  /// Quotes what the step builds on, and names the rest.
  private String earlier(StepState state) {
    StringBuilder quoted = new StringBuilder();
    StringBuilder named = new StringBuilder();
    for (StepState earlier : progress.steps()) {
      if (earlier.number() >= state.number()) {
        break;
      }
      boolean read = state.step().reads().contains(earlier.step().id());
      for (String output : earlier.step().outputs()) {
        if (read && quoted.length() < QUOTED_CHARS && (earlier.begun() || project.has(output))) {
          quoted.append(project.excerpt(output, QUOTED_CHARS - quoted.length()));
        } else if (earlier.begun() || project.has(output)) {
          named
              .append("- `")
              .append(output)
              .append("`: ")
              .append(earlier.step().description())
              .append('\n');
        }
      }
    }
    if (quoted.isEmpty() && named.isEmpty()) {
      return "Nothing.\n";
    }
    return quoted
        + (named.isEmpty() ? "" : "Read these too, where your task concerns them:\n\n" + named);
  }

  private String questions(Step step) {
    String file = step.questions();
    String asked =
        project.has(file)
            ? """
            It was asked before, and this is what stands in the file now. An answer there counts more
            than what you would assume; keep what was answered, and ask nothing again.

            """
                + project.excerpt(file, QUOTED_CHARS)
            : "";
    return """
    # Questions

    Nobody can answer you while you work. Where input is missing that only the owner of the product can
    give, and where a wrong guess would make the result useless, write the question to `%s`: number,
    question, why it matters, what you assumed meanwhile, and an empty line `Answer:`. Then go on with the
    assumption, and mark it in the result. Write no such file if there is nothing to ask.

    %s\
    """
        .formatted(file, asked);
  }

  private static String files(Step step) {
    StringBuilder text = new StringBuilder("# Files to write\n\n");
    for (String output : step.outputs()) {
      text.append("- ").append(output).append('\n');
    }
    text.append(
        """

        They are relative to the current directory. Make missing directories. If a file exists, improve it
        instead of starting anew, and keep what people have added. The step has failed if one of them is
        missing or empty at the end.
        """);
    text.append(
        step.code()
            ? "Besides, change what your task asks for, and nothing else.\n"
            : "Change no other file, except the one for questions.\n");
    return text.append("End with a summary of at most ten lines.\n").toString();
  }
}
