package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.db.queue.AnswerApproval;
import dev.aidp.db.queue.AnswerStep;
import dev.aidp.db.read.FindDependents;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp approve`.
@Command(
    name = "approve",
    description = {
      "Agree with the result of a workflow's step, or at an approval of a pipeline.",
      "What waited for it goes on."
    },
    customSynopsis = "aidp approve [OPTIONS] [execute|analyze] STEP|JOB-ID",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aidp approve prd                   a step, by name or beginning",
      "  aidp approve execute 3             with the workflow's word a number is a step",
      "  aidp approve 12 --comment 'fine'   without it, a job"
    })
final class ApproveCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "STEP|JOB-ID",
      hideParamSyntax = true,
      description = "The step, after its workflow if both have it; or the job that asks",
      arity = "0..*")
  List<String> words = List.of();

  @Option(names = "--comment", paramLabel = "T", description = "Kept with the answer")
  @Nullable String comment;

  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      description = "Whose workflow (default: that of this directory)")
  @Nullable String directory;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  ApproveCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Answering answering = new Answering(session, "approve");
    return switch (answering.find(words, directory)) {
      case Answering.OfNode(long jobId) -> {
        session
            .database()
            .call(connection -> AnswerApproval.approve(connection, jobId, answering.by(), comment));
        yield finish(jobId, "Approved job " + jobId);
      }
      case Answering.OfStep(StepState state, String _) -> {
        long jobId = state.lastJobId();
        session
            .database()
            .call(connection -> {
              AnswerStep.answer(
                  connection, jobId, AnswerStep.Answer.APPROVED, answering.by(), comment);
              return jobId;
            });
        yield finish(
            jobId,
            "Approved %s; go on with: aidp %s next".formatted(state.display(), state.workflow()));
      }
    };
  }

  private int finish(long jobId, String note) throws InterruptedException {
    Operations.log(session, "approved", jobId, Map.of());
    if (json) {
      Json.print(session.console(), Json.object().put("jobId", jobId).put("answer", "approved"));
    } else {
      session.console().note(note);
    }
    List<Long> released =
        session.database().call(connection -> FindDependents.of(connection, List.of(jobId)));
    BackgroundWorker.of(session, !noWorker).ensureFor(released);
    JobFiles.follow(session, List.of(jobId));
    return 0;
  }
}
