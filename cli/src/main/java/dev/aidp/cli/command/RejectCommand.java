package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.db.queue.AnswerApproval;
import dev.aidp.db.queue.AnswerStep;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/// `aidp reject`.
@Command(
    name = "reject",
    description = {
      "Refuse the result of a workflow's step, or at an approval of a pipeline.",
      "What was refused runs again, with the comment and the answers in the step's questions file.",
      "Prints the ids of the jobs that do."
    },
    customSynopsis = "aidp reject [OPTIONS] [execute|analyze] STEP|JOB-ID",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aidp reject prd --comment 'Say who pays'    a step, by name or beginning",
      "  aidp reject execute 3 --comment 'Too big'   the third step of execute",
      "  aidp reject 12 --comment 'Not yet'          the job that asks"
    })
final class RejectCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "STEP|JOB-ID",
      hideParamSyntax = true,
      description = "The step, after its workflow if both have it; or the job that asks",
      arity = "0..*")
  List<String> words = List.of();

  @Option(names = "--comment", paramLabel = "T", description = "What to change; the agent reads it")
  @Nullable String comment;

  @Mixin QueueOptions options = new QueueOptions();

  RejectCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    options.check();
    if (options.key() != null) {
      throw new Usage("an answer takes no --key", "A step is rejected once, and runs again once");
    }
    Answering answering = new Answering(session, "reject");
    return switch (answering.find(words, options.workspace())) {
      case Answering.OfNode(long jobId) -> {
        AnswerApproval.Answered answered =
            session
                .database()
                .call(connection ->
                    AnswerApproval.reject(connection, jobId, answering.by(), comment));
        Operations.log(session, "rejected", jobId, Map.of());
        yield finish(jobId, answered.reopened());
      }
      case Answering.OfStep(StepState state, String directory) -> {
        long jobId = state.lastJobId();
        session
            .database()
            .call(connection -> {
              AnswerStep.answer(
                  connection, jobId, AnswerStep.Answer.REJECTED, answering.by(), comment);
              return jobId;
            });
        Operations.log(session, "rejected", jobId, Map.of());
        yield new WorkflowRun(session, options.in(directory), state.workflow())
            .rerun(state.step().id());
      }
    };
  }

  private int finish(long jobId, List<Long> reopened) throws InterruptedException {
    Console console = session.console();
    if (options.json()) {
      ArrayNode array = Json.array();
      reopened.forEach(id -> array.add((long) id));
      Json.print(
          console,
          Json.object().put("jobId", jobId).put("answer", "rejected").set("jobIds", array));
    } else {
      reopened.forEach(id -> console.out().println((long) id));
      if (reopened.isEmpty()) {
        console.note("Rejected; no agent is there to try again, and the run has failed");
      }
    }
    console.out().flush();
    BackgroundWorker.of(session, !options.noWorker()).ensureFor(reopened);
    JobFiles.follow(session, List.of(jobId));
    return 0;
  }
}
