package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ProviderKind;
import dev.aidp.db.read.ListWorkers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// From a worker's first sign of life to what others do with what it leaves behind.
class WorkersTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private void silence(RegisterWorker.Registered worker, String interval) {
    queue.database.execute(
        "update aidp.workers set last_seen_at = clock_timestamp() - interval '%s' where id = %d"
            .formatted(interval, worker.id()));
  }

  @Test
  void aHeartbeatTellsWhatTheWorkerHoldsAndShallCancel() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    assertThat(RenewLeases.renew(queue.connection, worker, false))
        .contains(new RenewLeases.Beat(4, List.of()));
    queue.enqueue(shell("one"));
    long two = queue.enqueue(shell("two"));
    List<ClaimedJob> held = ClaimJobs.claim(queue.connection, SHELL, null, worker.id(), 2);
    CancelJob.cancel(queue.connection, two);
    assertThat(RenewLeases.renew(queue.connection, worker, true).orElseThrow().held())
        .containsExactlyInAnyOrder(
            new RenewLeases.Held(held.get(0).lease(), false),
            new RenewLeases.Held(held.get(1).lease(), true));
  }

  @Test
  void aHeartbeatSetsTheClockBack() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    silence(worker, "1 hour");
    RenewLeases.renew(queue.connection, worker, true);
    ListWorkers.Worker shown = ListWorkers.live(queue.connection).getFirst();
    assertThat(shown.heartbeatAge()).isLessThan(Duration.ofMinutes(5));
    assertThat(shown.draining()).isTrue();
  }

  @Test
  void aWorkerThatHasEndedOrIsAnotherIncarnationGetsNoBeat() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    assertThat(
            RenewLeases.renew(
                queue.connection,
                new RegisterWorker.Registered(worker.id(), UUID.randomUUID()),
                false))
        .isEmpty();
    assertThat(EndWorker.end(queue.connection, worker.id(), EndWorker.Reason.LOST, null)).isTrue();
    assertThat(RenewLeases.renew(queue.connection, worker, false)).isEqualTo(Optional.empty());
  }

  @Test
  void onlyAWorkerThatWasSilentForSoLongIsEnded() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    Duration limit = Duration.ofHours(1);
    assertThat(EndWorker.end(queue.connection, worker.id(), EndWorker.Reason.LOST, limit))
        .isFalse();
    silence(worker, "61 minutes");
    assertThat(EndWorker.end(queue.connection, worker.id(), EndWorker.Reason.LOST, limit)).isTrue();
    assertThat(EndWorker.end(queue.connection, worker.id(), EndWorker.Reason.STOPPED, null))
        .isFalse();
    assertThat(queue.column("select end_reason from aidp.workers")).containsExactly("lost");
  }

  @Test
  void showsTheLivingWithWhatTheyRun() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    RegisterWorker.Registered ended = queue.worker("here");
    EndWorker.end(queue.connection, ended.id(), EndWorker.Reason.STOPPED, null);
    long id = queue.enqueue(shell("work"));
    queue.claimOne(worker);
    assertThat(ListWorkers.live(queue.connection))
        .singleElement()
        .satisfies(shown -> {
          assertThat(shown.id()).isEqualTo(worker.id());
          assertThat(shown.host()).isEqualTo("here");
          assertThat(shown.pid()).isEqualTo(1);
          assertThat(shown.slots()).isEqualTo(4);
          assertThat(shown.providers()).containsExactly("shell", "demo");
          assertThat(shown.running()).containsExactly(id);
          assertThat(shown.version()).isEqualTo("test");
          assertThat(shown.background()).isFalse();
          assertThat(shown.takes("here", "shell")).isTrue();
          assertThat(shown.takes("", "demo")).isTrue();
          assertThat(shown.takes("there", "shell")).isFalse();
          assertThat(shown.takes("here", "claude")).isFalse();
        });
  }

  @Test
  void theLeasesOfAnEndedWorkerAreOrphansWithAllThatTheirEndTakes() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    RegisterWorker.Registered living = queue.worker();
    long id = queue.enqueue(shell("work"));
    queue.enqueue(shell("other"));
    ClaimedJob lost = queue.claimOne(worker);
    ClaimedJob held = queue.claimOne(living);
    assertThat(FindLostWork.orphanedLeases(queue.connection)).isEmpty();
    assertThat(MarkBegun.mark(queue.connection, lost.lease(), "s")).isTrue();
    silence(worker, "1 hour");
    assertThat(FindLostWork.liveWorkers(queue.connection))
        .filteredOn(each -> each.id() == worker.id())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.silentMillis()).isGreaterThanOrEqualTo(3_600_000);
          assertThat(each.bootId()).isEqualTo("boot");
          assertThat(each.processStarted()).isEqualTo(7);
        });
    EndWorker.end(queue.connection, worker.id(), EndWorker.Reason.LOST, Duration.ofSeconds(30));
    assertThat(FindLostWork.orphanedLeases(queue.connection))
        .singleElement()
        .satisfies(orphan -> {
          assertThat(orphan.lease()).isEqualTo(lost.lease());
          assertThat(orphan.lease().jobId()).isEqualTo(id);
          assertThat(orphan.workerId()).isEqualTo(worker.id());
          assertThat(orphan.execution()).isEqualTo(1);
          assertThat(orphan.standing().kind()).isEqualTo(ProviderKind.COMMAND);
          assertThat(orphan.standing().begun()).isTrue();
          assertThat(orphan.standing().sessionKnown()).isTrue();
          assertThat(orphan.standing().attempt()).isEqualTo(1);
        });
    queue.finish(QueueFixture.workerLost(lost.lease()));
    assertThat(FindLostWork.orphanedLeases(queue.connection)).isEmpty();
    assertThat(
            FindLeases.held(
                queue.connection,
                List.of(lost.lease().executionId(), held.lease().executionId(), 99L)))
        .containsExactly(held.lease().executionId());
    assertThat(MarkBegun.mark(queue.connection, lost.lease(), null)).isFalse();
    assertThat(FindLeases.held(queue.connection, List.of())).isEmpty();
  }
}
