package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.agent;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What keeps an idle worker of the host `here` that can run commands.
class FindTakeableTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private boolean any() throws Exception {
    return FindTakeable.any(queue.connection, "here", List.of("shell"));
  }

  @Test
  void isNothingInAnEmptyQueueOrOfOthers() throws Exception {
    assertThat(any()).isFalse();
    queue.enqueue(agent("of a provider that it does not have"));
    queue.enqueue(shell("elsewhere").host("there"));
    queue.enqueue(shell("later, elsewhere").host("there").delay(Duration.ofHours(1)));
    assertThat(any()).isFalse();
  }

  @Test
  void isWhatIsQueuedOrRunsOrWaitsForATime() throws Exception {
    queue.enqueue(shell("now"));
    assertThat(any()).isTrue();
    ClaimedJob claimed = queue.claimOne(queue.worker());
    assertThat(any()).isTrue();
    queue.finish(QueueFixture.completed(claimed));
    assertThat(any()).isFalse();
    queue.enqueue(shell("later").host("here").delay(Duration.ofHours(1)));
    assertThat(any()).isTrue();
  }

  @Test
  void isWhatWaitsForAJobThatRunsElsewhere() throws Exception {
    long parent = queue.enqueue(shell("parent").host("there"));
    queue.enqueue(shell("child").host("here").needs(parent));
    assertThat(any()).isFalse();
    ClaimedJob claimed = queue.claimOne(queue.worker("there"), new ClaimKey("there", "shell", 0));
    assertThat(any()).isTrue();
    queue.finish(QueueFixture.failed(claimed));
    assertThat(any()).isFalse();
  }
}
