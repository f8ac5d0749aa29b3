package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.db.queue.AnswerApproval;
import dev.aidp.db.queue.AnswerApproval.Answered;
import dev.aidp.db.read.FindApprovals;
import dev.aidp.db.read.FindApprovals.Approval;
import dev.aidp.db.read.FindDependents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp approve` and `aidp reject`.
abstract class AnswerCommand implements Callable<Integer> {
  private static final int MOST_CANDIDATES = 1000;

  private final Session session;

  @Parameters(
      paramLabel = "STEP|JOB-ID",
      arity = "1..2",
      description = "The approval: its job's id, or its name")
  List<String> words = List.of();

  @Option(names = "--comment", paramLabel = "T", description = "What to say with it")
  @Nullable String comment;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  AnswerCommand(Session session) {
    this.session = session;
  }

  /// `aidp approve`.
  @Command(name = "approve", description = "Approve what waits for it: what needs it goes on.")
  static final class Approve extends AnswerCommand {
    Approve(Session session) {
      super(session);
    }

    @Override
    boolean approves() {
      return true;
    }
  }

  /// `aidp reject`.
  @Command(
      name = "reject",
      description = "Reject what waits for approval: the agents before it go on with the comment.")
  static final class Reject extends AnswerCommand {
    Reject(Session session) {
      super(session);
    }

    @Override
    boolean approves() {
      return false;
    }
  }

  abstract boolean approves();

  @Override
  public Integer call() throws InterruptedException {
    long jobId = find();
    String by = session.environment().getOrDefault("USER", System.getProperty("user.name", ""));
    Answered answered =
        session
            .database()
            .call(connection ->
                approves()
                    ? AnswerApproval.approve(connection, jobId, by, comment)
                    : AnswerApproval.reject(connection, jobId, by, comment));
    Operations.log(session, approves() ? "approved" : "rejected", jobId, Map.of());
    Console console = session.console();
    if (json) {
      Json.print(
          console, Json.object().put("jobId", jobId).put("runId", answered.runId().toString()));
    } else {
      console.out().println(jobId);
    }
    console.out().flush();
    List<Long> moved = new ArrayList<>(answered.reopened());
    moved.add(jobId);
    moved.addAll(
        session.database().call(connection -> FindDependents.of(connection, List.of(jobId))));
    BackgroundWorker.of(session, !noWorker).ensureFor(moved);
    JobFiles.follow(session, List.of(jobId));
    return 0;
  }

  /// A bare number is a job id; a word is the name of an approval that waits.
  private long find() {
    String word = words.getLast();
    if (words.size() == 1 && word.matches("\\d{1,18}")) {
      return Long.parseLong(word);
    }
    List<Approval> open =
        session.database().call(connection -> FindApprovals.open(connection, MOST_CANDIDATES));
    List<Approval> found = open.stream().filter(approval -> approval.name().equals(word)).toList();
    if (found.size() == 1) {
      return found.getFirst().jobId();
    }
    String candidates =
        String.join(
            ", ",
            (found.isEmpty() ? open : found)
                .stream()
                    .map(approval -> approval.jobId() + " (" + approval.name() + ")")
                    .toList());
    if (found.isEmpty()) {
      throw new dev.aidp.core.error.AidpException(
          dev.aidp.core.error.ErrorCategory.NOT_FOUND,
          "No approval is called '" + word + "' and waits for an answer",
          candidates.isEmpty() ? "None waits for an answer" : "Waiting: " + candidates);
    }
    throw new Usage(
        "'" + word + "' means several approvals", "Give one of the job ids " + candidates);
  }
}
