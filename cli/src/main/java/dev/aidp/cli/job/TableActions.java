package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import dev.aidp.cli.tui.data.Done;
import dev.aidp.cli.tui.data.JobActions;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.queue.CancelJob;
import dev.aidp.db.queue.QueueAgain;
import dev.aidp.db.queue.RetryJob;
import dev.aidp.db.queue.RetryJob.From;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Does what a user of the live screens asks for, just as the commands do: with an entry in the log
/// of operations, and the artifacts brought up. For one thread.
public final class TableActions implements JobActions, AutoCloseable {
  /// Of what commands complain about.
  private static final String PREFIX = "aidp: ";

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Session session;
  private final CommandRunner commands;

  /// @param session whose terminal shows the screens; nothing is printed there
  /// @param commands for what a command does anyway
  public TableActions(Session session, CommandRunner commands) {
    this.session = session.beside(said);
    this.commands = commands;
  }

  @Override
  public Done perform(Request request) {
    said.reset();
    Done done =
        switch (request) {
          case Request.Retry(List<Long> ids) -> each(ids, "retried", "will run anew", this::retry);
          case Request.Resume(long id) -> resume(id);
          case Request.Cancel(List<Long> ids) ->
              each(ids, "cancel requested", "will stop", this::cancel);
          case Request.Again(long id) -> again(id);
          case Request.Prompt prompt -> prompt(prompt);
          case Request.Pipeline pipeline -> pipeline(pipeline);
          case Request.ResumeRun(UUID run) -> run(run, "resume", "goes on");
          case Request.RerunRun(UUID run) ->
              queued(commands.run("", "runs", "rerun", run.toString()));
          case Request.CancelRun(UUID run) -> run(run, "cancel", "is cancelled");
          case Request.NextStep _ -> queued(commands.run("", "execute", "next"));
          case Request.Answer answer -> answer(answer);
        };
    String warning = said.toString(StandardCharsets.UTF_8).strip();
    return warning.isEmpty()
        ? done
        : new Done(
            done.text() + "; " + warning.lines().findFirst().orElse(""),
            done.newJobId(),
            done.newRun());
  }

  /// What is done to one job.
  @FunctionalInterface
  private interface One {
    /// @return what was done, in a few words
    String on(long jobId);
  }

  /// Each by itself: one that is refused keeps no other from being done.
  private Done each(List<Long> ids, String operation, String outcome, One one) {
    List<Long> changed = new ArrayList<>();
    AidpException refusal = null;
    String text = "";
    for (long id : ids) {
      try {
        text = one.on(id);
        changed.add(id);
        Operations.log(session, operation, id, Map.of());
      } catch (AidpException e) {
        if (e.category() == ErrorCategory.DATABASE || ids.size() == 1) {
          throw e;
        }
        refusal = e;
      }
    }
    JobFiles.follow(session, changed);
    if (ids.size() == 1) {
      return Done.of(text);
    }
    String all = "%d of %d jobs %s".formatted(changed.size(), ids.size(), outcome);
    return Done.of(refusal == null ? all : all + "; " + refusal.getMessage());
  }

  private String retry(long id) {
    requeue(id, From.SCRATCH);
    return "job " + id + " will run anew";
  }

  private Done resume(long id) {
    requeue(id, From.SESSION);
    Operations.log(session, "resumed", id, Map.of());
    JobFiles.follow(session, List.of(id));
    return Done.of("job " + id + " will go on from its saved state");
  }

  private void requeue(long id, From from) {
    session
        .database()
        .call(connection -> {
          RetryJob.retry(connection, id, from);
          return id;
        });
  }

  private String cancel(long id) {
    CancelJob.Cancelled cancelled =
        session
            .database()
            .call(connection -> CancelJob.cancel(connection, id))
            .orElseThrow(() -> Waiting.noSuchJob(id));
    if (!cancelled.stopped()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "job %d is %s already".formatted(id, cancelled.status().word()),
          null);
    }
    return cancelled.asked().isEmpty()
        ? "job " + id + " is cancelled"
        : "asked the worker to stop job " + id;
  }

  private Done again(long id) {
    String environment = KeptEnvironment.keep(session, session.configuration().settings());
    long queued =
        session.database().call(connection -> QueueAgain.queue(connection, id, environment));
    Operations.log(session, "queued", queued, Map.of("again", id));
    JobFiles.follow(session, List.of(queued));
    return Done.queued("job %d is queued, as %d was".formatted(queued, id), queued);
  }

  private Done prompt(Request.Prompt prompt) {
    List<String> arguments = new ArrayList<>(List.of("prompt"));
    if (!prompt.provider().isEmpty()) {
      arguments.addAll(List.of("--provider", prompt.provider()));
    }
    if (!prompt.model().isEmpty()) {
      arguments.addAll(List.of("--model", prompt.model()));
    }
    arguments.add("-");
    return queued(commands.run(prompt.text(), arguments.toArray(String[]::new)));
  }

  private Done pipeline(Request.Pipeline pipeline) {
    List<String> arguments = new ArrayList<>(List.of("run"));
    if (!pipeline.prompt().isEmpty()) {
      arguments.add("--prompt=" + pipeline.prompt());
    }
    arguments.addAll(List.of("--", pipeline.path()));
    return queued(commands.run("", arguments.toArray(String[]::new)));
  }

  private Done answer(Request.Answer answer) {
    List<String> arguments = new ArrayList<>();
    arguments.add(answer.approve() ? "approve" : "reject");
    if (!answer.comment().isEmpty()) {
      arguments.add("--comment=" + answer.comment());
    }
    arguments.add(Long.toString(answer.jobId()));
    CommandRunner.Printed printed = commands.run("", arguments.toArray(String[]::new));
    if (printed.exitCode() != 0) {
      throw refused(printed);
    }
    return Done.of(
        "job %d is %s".formatted(answer.jobId(), answer.approve() ? "approved" : "rejected"));
  }

  private Done run(UUID run, String command, String outcome) {
    CommandRunner.Printed printed = commands.run("", "runs", command, run.toString());
    if (printed.exitCode() != 0) {
      throw refused(printed);
    }
    return Done.of("run %s %s".formatted(run.toString().substring(0, 8), outcome));
  }

  private static AidpException refused(CommandRunner.Printed printed) {
    List<String> lines = printed.err().lines().map(String::strip).toList();
    String message = lines.isEmpty() ? "nothing was done" : lines.getFirst();
    String remedy = lines.stream().skip(1).limit(1).collect(Collectors.joining());
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message,
        remedy.isEmpty() ? null : remedy);
  }

  /// What a command that queues printed: the id of a job or of a run.
  private static Done queued(CommandRunner.Printed printed) {
    String id = printed.out().lines().findFirst().orElse("").strip();
    if (printed.exitCode() != 0 || id.isEmpty()) {
      throw refused(printed);
    }
    return id.contains("-")
        ? new Done("run %s is queued".formatted(id.substring(0, 8)), 0, UUID.fromString(id))
        : Done.queued("job %s is queued".formatted(id), Long.parseLong(id));
  }

  @Override
  public void close() {
    session.close();
  }
}
