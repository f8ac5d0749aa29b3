package dev.aidp.worker.node;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.pipeline.Node;
import dev.aidp.core.pipeline.OutputSchema;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.schema.AnswerSchema;
import dev.aidp.core.template.Scope;
import dev.aidp.core.template.Template;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Attempt.FollowUp;
import dev.aidp.worker.provider.Provider;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An `agent`: its prompt is rendered just before it is called, and where it has a schema it is
/// asked until its answer fits, in the same session and within one execution.
final class AgentNode {
  /// Times that another answer is asked for.
  private static final int MOST_FOLLOW_UPS = 3;

  private final Node.Agent node;
  private final Scope scope;
  private final Attempt attempt;
  private final @Nullable Provider provider;
  private final NodeDatabase database;

  AgentNode(
      Node.Agent node,
      Scope scope,
      Attempt attempt,
      @Nullable Provider provider,
      NodeDatabase database) {
    this.node = node;
    this.scope = scope;
    this.attempt = attempt;
    this.provider = provider;
    this.database = database;
  }

  NodeEnded run() throws InterruptedException, NodeFailure {
    if (provider == null) {
      throw new NodeFailure(
          ErrorClass.CONFIG, "this worker does not know the provider " + attempt.job().provider());
    }
    OutputSchema declared = node.outputSchema();
    AnswerSchema schema = declared == null ? null : AnswerSchema.of(declared.json());
    String rendered = Template.parse(node.prompt()).text(scope);
    String prompt = schema == null ? rendered : schema.ask(rendered);
    NodePlace place = NodePlace.of(node, scope, attempt);
    attempt.events().log(LogLevel.DEBUG, LogCategory.NODE, "Prompt", Map.of("prompt", prompt));
    ChangedFiles before = ChangedFiles.before(node, attempt);
    if (!database.begin()) {
      return new NodeEnded.Finished(
          NodeFailure.outcome(ErrorClass.WORKER_LOST, "the lease was lost"), null);
    }
    Attempt first =
        attempt.with(
            attempt.job().with(prompt, attempt.job().sessionId()),
            place.directory(),
            place.environment());
    String feedback = attempt.job().options().feedback();
    if (feedback != null) {
      first = first.following(rejected(feedback), first.job(), first.session().usedBefore());
    }
    Outcome outcome = provider.run(first);
    if (schema == null) {
      return ended(outcome, null, before);
    }
    for (int number = 1; ; number++) {
      if (!(outcome instanceof Outcome.Completed completed)) {
        return new NodeEnded.Finished(outcome, null);
      }
      String answer = completed.figures().result();
      List<String> problems;
      switch (schema.judge(answer == null ? "" : answer)) {
        case AnswerSchema.Verdict.Accepted(var value) -> {
          return ended(outcome, value.toString(), before);
        }
        case AnswerSchema.Verdict.Rejected(var found) -> problems = found;
      }
      if (attempt.stop().cause() != null) {
        return new NodeEnded.Finished(outcome, null);
      }
      String problem = String.join("; ", problems);
      attempt
          .events()
          .log(
              LogLevel.WARN,
              LogCategory.NODE,
              "The answer does not fit output_schema: " + problem,
              Map.of("answer", number, "problems", problems));
      if (number > MOST_FOLLOW_UPS) {
        return new NodeEnded.Finished(
            new Outcome.Failed(
                ErrorClass.UNKNOWN,
                "none of " + number + " answers fits output_schema: " + problem,
                null,
                false,
                completed.figures()),
            null);
      }
      outcome =
          askAgain(first, completed.figures(), new FollowUp(number, schema.askAgain(problems)));
    }
  }

  private static FollowUp rejected(String comment) {
    return new FollowUp(
        0,
        comment.isEmpty()
            ? "Your result was rejected without a comment. Find out what is wrong with it, and do the"
                + " task again."
            : "Your result was rejected, with this comment:\n\n"
                + comment
                + "\n\nDo the task again accordingly.");
  }

  private Outcome askAgain(Attempt first, Figures before, FollowUp message)
      throws InterruptedException {
    ClaimedJob job = first.job().with(first.job().prompt(), before.sessionId());
    Usage used = first.session().usedBefore().plus(before.usage());
    Provider agent = provider;
    if (agent == null) {
      throw new IllegalStateException("no provider");
    }
    Outcome outcome = agent.run(first.following(message, job, used));
    Figures sum = sum(before, outcome.figures());
    return switch (outcome) {
      case Outcome.Completed _ -> new Outcome.Completed(sum);
      case Outcome.Failed failed ->
          new Outcome.Failed(
              failed.errorClass(), failed.error(), failed.retryAfter(), failed.repeatable(), sum);
      case Outcome.Interrupted interrupted ->
          new Outcome.Interrupted(interrupted.cause(), interrupted.error(), sum);
    };
  }

  /// What all calls of the execution used; the rest is of the last one.
  private static Figures sum(Figures earlier, Figures last) {
    BigDecimal cost =
        earlier.costUsd() == null
            ? last.costUsd()
            : last.costUsd() == null ? earlier.costUsd() : earlier.costUsd().add(last.costUsd());
    return new Figures(
        last.exitCode(),
        last.result(),
        last.sessionId() == null ? earlier.sessionId() : last.sessionId(),
        earlier.usage().plus(last.usage()),
        cost,
        earlier.costEstimated() || last.costEstimated());
  }

  private static NodeEnded ended(Outcome outcome, @Nullable String json, ChangedFiles before)
      throws InterruptedException, NodeFailure {
    if (!(outcome instanceof Outcome.Completed completed)) {
      return new NodeEnded.Finished(outcome, null);
    }
    String text = completed.figures().result();
    String output =
        json != null ? json : NodeInputs.JSON.writeValueAsString(text == null ? "" : text);
    return new NodeEnded.Finished(
        outcome, new NodeEnd.Output(output, false, completed.figures().exitCode(), before.since()));
  }
}
