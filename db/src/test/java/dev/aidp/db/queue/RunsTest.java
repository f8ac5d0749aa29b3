package dev.aidp.db.queue;

import static dev.aidp.db.queue.RunFixture.keyed;
import static dev.aidp.db.queue.RunFixture.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.run.RunSpec;
import dev.aidp.db.read.ReadNodeInputs;
import dev.aidp.db.read.ReadRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunsTest {
  private final RunFixture runs = new RunFixture();

  @AfterEach
  void close() throws Exception {
    runs.close();
  }

  @Test
  void aRunIsQueuedWithAllItsNodesAndGoesThroughThemInTheOrderOfTheirNeeds() throws Exception {
    UUID run =
        runs.enqueue(
            node("top"), node("left", "top"), node("right", "top"), node("end", "left", "right"));
    assertThat(runs.nodes(run))
        .isEqualTo(
            "top queued, left waiting (needs top), right waiting (needs top), end waiting (needs left, right)");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.QUEUED);
    ClaimedJob top = runs.claim("task");
    assertThat(top.options().node()).isEqualTo("{\"id\":\"top\"}");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.RUNNING);
    runs.queue.finish(RunFixture.completed(top));
    assertThat(runs.run(run).status()).as("between nodes").isEqualTo(JobStatus.RUNNING);
    runs.complete("task");
    runs.complete("task");
    assertThat(runs.run(run).completedAt()).isNull();
    runs.complete("task");
    Run done = runs.run(run);
    assertThat(done.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(done.startedAt()).isBefore(done.completedAt());
    List<RunNode> nodes = ReadRuns.nodes(runs.queue.connection, run, true);
    assertThat(nodes)
        .extracting(RunNode::output)
        .containsExactly("\"top\"", "\"left\"", "\"right\"", "\"end\"");
    assertThat(nodes.getLast().needs()).containsExactly("left", "right");
    assertThat(ReadRuns.logs(runs.queue.connection, run, 0, 10))
        .extracting(entry -> entry.seq() + " " + entry.message() + " " + entry.data())
        .containsExactly(
            "1 Starting pipeline: test {\"description\": \"for tests\"}",
            "2 Pipeline completed null");
  }

  @Test
  void aFailureInterruptsWhatNeedsItAndTheRestGoesOn() throws Exception {
    UUID run =
        runs.enqueue(
            node("bad"),
            node("good"),
            node("after", "bad"),
            node("last", "after"),
            node("more", "good"));
    runs.queue.finish(QueueFixture.failed(runs.claim("task")));
    assertThat(runs.nodes(run))
        .isEqualTo(
            "bad failed, good queued, after interrupted (needs bad (failed)), last interrupted (needs bad (failed)),"
                + " more waiting (needs good)");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.RUNNING);
    runs.complete("task");
    runs.complete("task");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.FAILED);
    assertThat(runs.run(run).error()).isEqualTo("bad: exit code 1");
  }

  @Test
  void aGatesFailureIsTheRunsErrorAsItIs() throws Exception {
    UUID run = runs.enqueue(node("gate"));
    runs.queue.finish(QueueFixture.failed(runs.claim("gate")));
    assertThat(runs.run(run).error()).isEqualTo("exit code 1");
  }

  @Test
  void aKeyGivesOneRunToAllWhoAskAtOnce() throws Exception {
    List<EnqueueRun.Enqueued> all =
        runs.queue.together(4, (own, number) -> EnqueueRun.enqueue(own, keyed("k", node("one"))));
    assertThat(all).extracting(EnqueueRun.Enqueued::runId).containsOnly(all.getFirst().runId());
    assertThat(all).filteredOn(EnqueueRun.Enqueued::created).hasSize(1);
    assertThat(all).allMatch(EnqueueRun.Enqueued::sameContent);
    assertThat(all).extracting(EnqueueRun.Enqueued::jobIds).containsOnly(all.getFirst().jobIds());
    assertThat(runs.queue.count("aidp.jobs")).isEqualTo(1);
    assertThat(EnqueueRun.enqueue(runs.queue.connection, keyed("k", node("two"))).sameContent())
        .isTrue();
  }

  @Test
  void anItemIsAJobAndAsManyRunAtOnceAsHavePlaces() throws Exception {
    UUID run = runs.enqueue(node("each"), node("after", "each"));
    runs.waits(
        runs.claim("task"), "items", new NodeEnd.FanOut(List.of("1", "\"b\"", "3", "4", "5"), 2));
    assertThat(runs.nodes(run))
        .startsWith(
            "each waiting (needs its 5 items), each[0] queued, each[1] queued, each[2] waiting (waits for a place: at most 2 items at once)");
    ClaimedJob first = runs.claim("task");
    ClaimedJob second = runs.claim("task");
    assertThat(second.options().item()).isEqualTo("\"b\"");
    assertThat(runs.queue.count("aidp.ready")).isZero();
    runs.queue.finish(RunFixture.completed(second), QueueFixture.failed(first));
    assertThat(runs.queue.count("aidp.ready")).isEqualTo(2);
    assertThat(runs.nodes(run))
        .contains(
            "each interrupted (needs each[0] (failed)), each[0] failed, each[1] completed, each[2] queued, each[3] queued, each[4] waiting");
    for (int i = 0; i < 3; i++) {
      runs.complete("task");
    }
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.FAILED);

    ResumeRun.resume(runs.queue.connection, run);
    assertThat(runs.nodes(run))
        .isEqualTo(
            "each waiting (needs each[0]), each[0] queued, each[1] completed, each[2] completed, each[3] completed, each[4] completed, after waiting (needs each)");
    runs.complete("task");
    ClaimedJob each = runs.claim("task");
    assertThat(each.node()).isEqualTo("each");
    assertThat(ReadNodeInputs.items(runs.queue.connection, each.lease().jobId()))
        .contains(
            List.of("\"each[0]\"", "\"each[1]\"", "\"each[2]\"", "\"each[3]\"", "\"each[4]\""));
    runs.queue.finish(RunFixture.completed(each));
    runs.complete("task");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(runs.queue.count("aidp.fan_outs where admitted = 0")).isEqualTo(1);
  }

  @Test
  void anApprovedNodeCompletesWithTheCommentAndReleasesWhatNeedsIt() throws Exception {
    UUID run = runs.enqueue(node("agent"), node("ask", "agent"), node("after", "ask"));
    runs.complete("demo");
    long ask = runs.ask();
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.WAITING);
    assertThat(runs.run(run).reason()).isEqualTo("approval");
    AnswerApproval.approve(runs.queue.connection, ask, "me", "fine");
    assertThat(runs.nodes(run)).isEqualTo("agent completed, ask completed, after queued");
    assertThat(ReadNodeInputs.outputs(runs.queue.connection, run, Set.of("ask")).values())
        .extracting(ReadNodeInputs.Output::json)
        .containsExactly("\"fine\"");
    assertThatThrownBy(() -> AnswerApproval.approve(runs.queue.connection, ask, "me", null))
        .isInstanceOf(AidpException.class)
        .hasMessageContaining("is completed already");
  }

  @Test
  void aRejectionRunsTheAgentsAgainWithTheCommentAndAsksAgain() throws Exception {
    UUID run =
        runs.enqueue(
            node("agent1"),
            node("agent2"),
            node("task"),
            node("other", "agent1", "task"),
            node("ask", "agent1", "agent2", "task"),
            node("after", "ask"));
    ClaimedJob first = runs.claim("demo");
    runs.queue.finish(
        new FinishJobs.Ended(
            first.lease(),
            QueueFixture.completed(),
            new Figures(null, "x", "s-1", Usage.NONE, null, false),
            new NodeEnd.Output("1", false, null, List.of())));
    runs.complete("demo");
    runs.complete("task");
    runs.complete("task");
    long ask = runs.ask();
    AnswerApproval.Answered answered =
        AnswerApproval.reject(runs.queue.connection, ask, "me", "shorter");
    assertThat(answered.reopened())
        .containsExactly(runs.jobId(run, "agent1"), runs.jobId(run, "agent2"));
    assertThat(runs.nodes(run))
        .isEqualTo(
            "agent1 queued, agent2 queued, task completed, other completed, ask waiting (needs agent1, agent2), after waiting (needs ask)");
    ClaimedJob again = runs.claim("demo");
    assertThat(again.options().feedback()).isEqualTo("shorter");
    assertThat(again.sessionId()).isEqualTo("s-1");
    runs.queue.finish(RunFixture.completed(again));
    assertThatThrownBy(() -> AnswerApproval.approve(runs.queue.connection, ask, "me", null))
        .hasMessageContaining("waits for no answer yet");
    runs.complete("demo");
    assertThat(runs.ask()).isEqualTo(ask);
    AnswerApproval.approve(runs.queue.connection, ask, "me", null);
    runs.complete("task");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(
            runs.queue.column(
                "select round || ' ' || answer || coalesce(' ' || comment, '') from aidp.approvals order by round"))
        .containsExactly("1 rejected shorter", "2 approved");
  }

  @Test
  void aRejectionWithNoAgentToRunAgainFailsTheRun() throws Exception {
    UUID run = runs.enqueue(node("task"), node("ask", "task"), node("after", "ask"));
    runs.complete("task");
    AnswerApproval.reject(runs.queue.connection, runs.ask(), "me", "no");
    assertThat(runs.nodes(run))
        .isEqualTo("task completed, ask failed, after interrupted (needs ask (failed))");
    assertThat(runs.run(run).error()).isEqualTo("ask: rejected: no");
  }

  @Test
  void aCancelledRunEndsWhenItsRunningNodesHave() throws Exception {
    UUID run = runs.enqueue(node("one"), node("two"), node("three", "one"));
    ClaimedJob running = runs.claim("task");
    CancelRun.Cancelled cancelled = CancelRun.cancel(runs.queue.connection, run);
    assertThat(cancelled.asked()).containsExactly(running.lease().jobId());
    assertThat(cancelled.interrupted()).hasSize(2);
    assertThat(runs.queue.count("aidp.ready")).isZero();
    assertThat(runs.run(run).completedAt()).isNull();
    // It was just about to give itself back.
    runs.queue.finish(QueueFixture.workerLost(running.lease()));
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(runs.run(run).reason()).isEqualTo("cancelled");
    ResumeRun.resume(runs.queue.connection, run);
    for (int i = 0; i < 3; i++) {
      runs.complete("task");
    }
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.COMPLETED);
    assertThatThrownBy(() -> ResumeRun.resume(runs.queue.connection, run))
        .hasMessageContaining("only a failed or interrupted run");
  }

  @Test
  void aNodeThatWasCancelledMeanwhileNeitherFansOutNorAsks() throws Exception {
    UUID run = runs.enqueue(node("each"), node("ask"));
    ClaimedJob each = runs.claim("task");
    ClaimedJob ask = runs.claim("approval");
    CancelRun.cancel(runs.queue.connection, run);
    runs.waits(each, "items", new NodeEnd.FanOut(List.of("1"), 4));
    runs.waits(ask, "approval", new NodeEnd.Asked(null));
    assertThat(runs.nodes(run))
        .isEqualTo("each interrupted (cancelled), ask interrupted (cancelled)");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(runs.queue.count("aidp.approvals")).isZero();
  }

  @Test
  void aRetriedNodeMakesItsRunRunAgain() throws Exception {
    UUID run = runs.enqueue(node("one"));
    runs.queue.finish(QueueFixture.failed(runs.claim("task")));
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.FAILED);
    RetryJob.retry(runs.queue.connection, runs.jobId(run, "one"), RetryJob.From.SCRATCH);
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(runs.run(run).error()).isNull();
    runs.complete("task");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void cancellingANodeInterruptsWhatNeedsItAndEndsTheRun() throws Exception {
    UUID run = runs.enqueue(node("one"), node("two", "one"));
    CancelJob.cancel(runs.queue.connection, runs.jobId(run, "one"));
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(runs.nodes(run))
        .isEqualTo("one interrupted (cancelled), two interrupted (needs one (interrupted))");
  }

  @Test
  void cancellingANodeThatHasFannedOutStopsItsItemsAndARetryRunsThemAgain() throws Exception {
    UUID run = runs.enqueue(node("each"), node("after", "each"));
    runs.waits(runs.claim("task"), "items", new NodeEnd.FanOut(List.of("1", "2", "3", "4"), 2));
    runs.complete("task");
    ClaimedJob running = runs.claim("task");
    long each = runs.jobId(run, "each");

    CancelJob.Cancelled cancelled = CancelJob.cancel(runs.queue.connection, each).orElseThrow();

    assertThat(cancelled.status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(cancelled.asked()).containsExactly(running.lease().jobId());
    assertThat(runs.queue.count("aidp.ready")).isZero();
    assertThat(runs.nodes(run))
        .isEqualTo(
            "each interrupted (cancelled), each[0] completed, each[1] running, each[2] interrupted (cancelled), each[3] interrupted (cancelled), after interrupted (needs each (interrupted))");
    runs.queue.finish(QueueFixture.workerLost(running.lease()));
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(CancelJob.cancel(runs.queue.connection, each).orElseThrow().stopped()).isFalse();

    RetryJob.retry(runs.queue.connection, each, RetryJob.From.SCRATCH);
    assertThat(runs.nodes(run))
        .isEqualTo(
            "each waiting (needs each[1], each[2], each[3]), each[0] completed, each[1] queued, each[2] queued, each[3] waiting (waits for a place among its items), after interrupted (needs each (interrupted))");
    for (int i = 0; i < 4; i++) {
      runs.complete("task");
    }
    assertThat(runs.nodes(run)).startsWith("each completed, ");
    assertThat(runs.queue.count("aidp.fan_outs where admitted = 0")).isEqualTo(1);
  }

  @Test
  void aRerunIsANewRunOfTheSameNodesFromTheBeginning() throws Exception {
    UUID run = runs.enqueue(node("each"), node("after", "each"));
    runs.waits(runs.claim("task"), "items", new NodeEnd.FanOut(List.of("1", "2"), 4));
    CancelRun.cancel(runs.queue.connection, run);
    UUID again = UUID.randomUUID();
    RerunRun.rerun(runs.queue.connection, run, again, "env-2");
    assertThat(runs.nodes(again)).isEqualTo("each queued, after waiting (needs each)");
    assertThat(runs.claim("task").options().environmentId()).isEqualTo("env-2");
  }

  @Test
  void aThousandNodesThatFanOutAndInCountExactlyUnderManyCompletersAtOnce() throws Exception {
    int width = 200;
    var nodes = new ArrayList<RunSpec.Node>();
    nodes.add(node("first"));
    IntStream.range(0, width).forEach(i -> nodes.add(node("n" + i, "first")));
    nodes.add(
        node("last", IntStream.range(0, width).mapToObj(i -> "n" + i).toArray(String[]::new)));
    UUID run = runs.enqueue(nodes.toArray(RunSpec.Node[]::new));
    runs.complete("task");
    List<ClaimedJob> claimed =
        ClaimJobs.claim(
            runs.queue.connection,
            new ClaimKey("", "task", 0),
            null,
            runs.queue.worker().id(),
            width);
    assertThat(claimed).hasSize(width);
    runs.queue.together(
        4,
        (own, number) -> {
          for (ClaimedJob job : claimed.subList(number * 50, number * 50 + 50)) {
            FinishJobs.finish(own, List.of(RunFixture.completed(job)));
          }
          return true;
        });
    assertThat(runs.queue.value("select remaining from aidp.pipeline_runs")).isEqualTo(1);
    runs.complete("task");
    assertThat(runs.run(run).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void whatTheNodesBeforeHaveChangedIsFound() throws Exception {
    UUID run = runs.enqueue(node("one"), node("two", "one"), node("beside"), node("three", "two"));
    for (String file : List.of("a b.txt", "beside", "two.txt")) {
      ClaimedJob job = runs.claim("task");
      runs.queue.finish(
          new FinishJobs.Ended(
              job.lease(),
              QueueFixture.completed(),
              Figures.NONE,
              new NodeEnd.Output("\"\"", false, 0, List.of(file))));
    }
    assertThat(ReadNodeInputs.changedFiles(runs.queue.connection, runs.jobId(run, "three")))
        .containsExactly("[\"a b.txt\"]", "[\"two.txt\"]");
  }
}
