package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Budgets;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnqueueJobsTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  @Test
  void storesAllThatAWorkerNeeds() throws Exception {
    UUID run = UUID.randomUUID();
    Budgets budgets =
        new Budgets(new Budget(new BigDecimal("0.5"), 900L), new Budget(null, 12_345_678_901L));
    JobSpec spec =
        new JobSpec(
            "build \ud800",
            "node",
            run,
            new JobSpec.Work(
                "demo",
                "small",
                "do \0 it",
                List.of("make", "a b"),
                Permissions.READ,
                List.of("out.md"),
                "env-1",
                null,
                List.of(),
                new AgentOptions(List.of("Bash(git *)"), 3, List.of("--x", ""))),
            new JobSpec.Place(Path.of("/work/place"), "here:/work/place", "here"),
            new JobSpec.Limits(
                5, 7, Duration.ofMinutes(90), Duration.ofSeconds(30), false, budgets),
            new JobSpec.Schedule(9, null, null),
            null,
            List.of(),
            Map.of("ticket", 42, "odd", "\0"));
    EnqueueJobs.Enqueued enqueued = EnqueueJobs.enqueue(queue.connection, spec);
    assertThat(enqueued.created()).isTrue();
    assertThat(enqueued.runId()).isEqualTo(run);
    ClaimedJob job = queue.claimOne(queue.worker(), new ClaimKey("here", "demo", 9));
    assertThat(job.name()).isEqualTo("build \ufffd");
    assertThat(job.node()).isEqualTo("node");
    assertThat(job.prompt()).isEqualTo("do \ufffd it");
    assertThat(job.model()).isEqualTo("small");
    assertThat(job.workspace()).isEqualTo("/work/place");
    assertThat(job.maxAttempts()).isEqualTo(5);
    assertThat(job.maxCrashes()).isEqualTo(7);
    assertThat(job.rerun()).isFalse();
    assertThat(job.timeout()).isEqualTo(Duration.ofMinutes(90));
    assertThat(job.options())
        .isEqualTo(
            new JobOptions(
                List.of("make", "a b"),
                Permissions.READ,
                List.of("out.md"),
                "env-1",
                Duration.ofSeconds(30),
                JobSpec.Isolation.NONE,
                null,
                null,
                null,
                List.of(),
                new AgentOptions(List.of("Bash(git *)"), 3, List.of("--x", "")),
                budgets));
    assertThat(queue.job(enqueued.jobId(), "metadata ->> 'ticket'")).isEqualTo("42");
  }

  @Test
  void aJobForLaterWaitsAndSaysUntilWhen() throws Exception {
    long delayed = queue.enqueue(shell("delayed").delay(Duration.ofHours(1)));
    assertThat(queue.job(delayed, "status || ' ' || (run_at = wake_at)")).isEqualTo("waiting true");
    assertThat(queue.job(delayed, "reason")).matches("starts at \\d{4}-\\d\\d-\\d\\dT.*Z");
    JobSpec spec = shell("past").build();
    long past =
        EnqueueJobs.enqueue(
                queue.connection,
                new JobSpec(
                    spec.name(),
                    null,
                    null,
                    spec.work(),
                    spec.place(),
                    spec.limits(),
                    new JobSpec.Schedule(0, null, Instant.parse("2020-01-01T00:00:00Z")),
                    null,
                    List.of(),
                    Map.of()))
            .jobId();
    assertThat(queue.job(past, "concat_ws(' ', status, reason, wake_at)")).isEqualTo("queued");
    assertThat(queue.column("select job_id from aidp.ready")).containsExactly("" + past);
  }

  @Test
  void dependenciesThatCompletedAreNotWaitedFor() throws Exception {
    long done = queue.enqueue(shell("done"));
    queue.finish(QueueFixture.completed(queue.claimOne(queue.worker())));
    long open = queue.enqueue(shell("open"));
    assertThat(queue.job(queue.enqueue(shell("a").needs(done)), "status")).isEqualTo("queued");
    long both = queue.enqueue(shell("b").needs(done, open, open));
    assertThat(queue.job(both, "status || ' ' || reason || ' ' || pending_dependencies"))
        .isEqualTo("waiting needs open 1");
    assertThat(queue.count("aidp.job_dependencies where job_id = " + both)).isEqualTo(2);
  }

  @Test
  void refusesDependenciesThatFailedOrDoNotExist() throws Exception {
    long failed = queue.enqueue(shell("broken"));
    queue.finish(QueueFixture.failed(queue.claimOne(queue.worker())));
    assertThatThrownBy(() -> queue.enqueue(shell("a").needs(failed)))
        .isInstanceOfSatisfying(
            AidpException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
              assertThat(e).hasMessageContaining("job " + failed).hasMessageContaining("failed");
            });
    assertThatThrownBy(() -> queue.enqueue(shell("a").needs(4711L)))
        .isInstanceOf(AidpException.class)
        .hasMessageContaining("does not exist");
    assertThat(queue.count("aidp.jobs")).isEqualTo(1);
    assertThat(queue.connection.getAutoCommit()).isTrue();
  }

  @Test
  void sixteenCallersWithOneKeyGetOneJob() throws Exception {
    List<EnqueueJobs.Enqueued> all =
        queue.together(
            16, (own, number) -> EnqueueJobs.enqueue(own, shell("same").key("k").build()));
    assertThat(all).extracting(EnqueueJobs.Enqueued::jobId).containsOnly(all.getFirst().jobId());
    assertThat(all).extracting(EnqueueJobs.Enqueued::runId).containsOnly(all.getFirst().runId());
    assertThat(all).filteredOn(EnqueueJobs.Enqueued::created).hasSize(1);
    assertThat(queue.count("aidp.jobs")).isEqualTo(1);
    assertThat(queue.count("aidp.ready")).isEqualTo(1);
  }

  @Test
  void aKeyThatExistsTellsWhetherTheContentIsTheSame() throws Exception {
    long parent = queue.enqueue(shell("parent"));
    long id = queue.enqueue(shell("one").key("k").needs(parent));
    assertThat(EnqueueJobs.enqueue(queue.connection, shell("other").key("k").build()))
        .satisfies(again -> {
          assertThat(again.jobId()).isEqualTo(id);
          assertThat(again.created()).isFalse();
          assertThat(again.sameContent()).isFalse();
        });
    CancelJob.cancel(queue.connection, parent);
    assertThat(
            EnqueueJobs.enqueue(queue.connection, shell("one").key("k").needs(parent).build())
                .sameContent())
        .isTrue();
  }

  @Test
  void wakesWhoeverListens() throws Exception {
    try (WorkNotifications listener = WorkNotifications.listen(queue.database.connections())) {
      queue.enqueue(shell("now").host("here").priority(-3));
      queue.enqueue(shell("later").delay(Duration.ofHours(1)));
      queue.value("select aidp.enqueue('shell', 'from sql')");
      List<WorkNotifications.Notification> heard = new ArrayList<>();
      while (heard.size() < 2) {
        List<WorkNotifications.Notification> some = listener.await(QueueFixture.LIMIT);
        assertThat(some).as("notifications in time").isNotEmpty();
        heard.addAll(some);
      }
      assertThat(heard)
          .containsExactly(
              new WorkNotifications.Notification.Ready(new ClaimKey("here", "shell", -3)),
              new WorkNotifications.Notification.Ready(QueueFixture.SHELL));
    }
  }

  @Test
  void readsOnlyItsOwnWakeUps() {
    assertThat(ClaimKey.ofPayload("here\tshell\t-100"))
        .isEqualTo(new ClaimKey("here", "shell", -100));
    for (String foreign : List.of("", "a", "a\tb", "a\tb\tc", "a\tb\t1\t2", "a\tb\t1e9")) {
      assertThat(ClaimKey.ofPayload(foreign)).as(foreign).isNull();
    }
  }
}
