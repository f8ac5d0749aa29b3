package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.Approval;
import dev.aidp.cli.workflow.StepChoice;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.Workflow;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadJobs;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finds what `approve` and `reject` shall answer: a step of a workflow, or a pipeline's node.
///
/// @param command its word
record Answering(Session session, String command) {

  /// What is answered.
  sealed interface Question {}

  /// @param directory of the workspace
  record OfStep(StepState state, String directory) implements Question {}

  record OfNode(long jobId) implements Question {}

  /// @param words one or two
  /// @param directory as the user named it; null: the caller's
  Question find(List<String> words, @Nullable String directory) {
    if (words.isEmpty() || words.size() > 2) {
      throw usage(words.isEmpty() ? "there is nothing to answer" : "there are too many words");
    }
    String first = words.getFirst();
    if (words.size() == 1 && first.matches("[0-9]{1,18}")) {
      return ofJob(Long.parseLong(first));
    }
    if (words.size() == 1 && Workflow.NAMES.contains(first)) {
      throw usage("the step of " + first + " is missing");
    }
    Workspace workspace = Workspace.of(session, directory);
    StepState state = StepChoice.find(session, workspace, command, words).state();
    return new OfStep(requireAsked(state), workspace.directory().toString());
  }

  private Usage usage(String message) {
    return new Usage(message, "Type aidp " + command + " [execute|analyze] STEP, or a job's id");
  }

  private Question ofJob(long jobId) {
    Job job =
        session
            .database()
            .call(connection -> ReadJobs.byId(connection, jobId))
            .orElseThrow(() -> Waiting.noSuchJob(jobId));
    if (job.provider().equals("approval")) {
      return new OfNode(jobId);
    }
    JsonNode metadata = JsonMapper.shared().readTree(job.metadata());
    String workflow = metadata.path("workflow").asString("");
    String directory = job.workspace();
    if (!Workflow.NAMES.contains(workflow) || directory == null) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "Job " + jobId + " asks for no approval",
          "See `aidp status` for what does");
    }
    Workspace workspace = Workspace.of(session, directory);
    WorkflowProgress progress = WorkflowProgress.of(session, workspace, workflow);
    StepState state = progress.find(metadata.path("step").asString(""));
    if (state.lastJobId() != jobId) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "Job %d is not the latest of the step %s; job %d is"
              .formatted(jobId, state.step().id(), state.lastJobId()),
          "Type `aidp " + command + " " + state.display() + "`");
    }
    return new OfStep(requireAsked(state), directory);
  }

  private static StepState requireAsked(StepState state) {
    Approval approval = state.approval();
    String id = state.step().id();
    String workflow = state.workflow();
    return switch (approval) {
      case ASKED -> state;
      case NONE ->
          throw refused(
              "The step " + id + " asks for no approval", "aidp " + workflow + " next", "go on");
      case APPROVED ->
          throw refused(
              "The step " + id + " is approved already", "aidp " + workflow + " next", "go on");
      case REJECTED ->
          throw refused(
              "The step " + id + " is rejected already",
              "aidp " + workflow + " next",
              "run it again");
      case PENDING -> throw notCompleted(state);
    };
  }

  private static AidpException notCompleted(StepState state) {
    JobStatus status = state.status();
    return refused(
        "The step "
            + state.step().id()
            + " is not completed"
            + (status == null ? "" : ", but " + status.word()),
        "aidp " + state.workflow(),
        "see how far it is");
  }

  private static AidpException refused(String message, String command, String purpose) {
    return new AidpException(
        ErrorCategory.NOT_FOUND, message, "Type `" + command + "` to " + purpose);
  }

  /// Who answers, for the record.
  String by() {
    return System.getProperty("user.name", "unknown") + "@" + session.hostLabel();
  }
}
