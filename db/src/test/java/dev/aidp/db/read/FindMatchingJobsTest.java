package dev.aidp.db.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.queue.QueueAgain;
import dev.aidp.db.read.FindMatchingJobs.Direction;
import dev.aidp.db.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FindMatchingJobsTest {
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void jobs() {
    database.execute(
        """
        insert into aidp.jobs (name, provider, prompt, status, max_attempts, completed_at, error)
        select case when i = 7 then '100% Sure_' else 'job ' || i end, case when i % 2 = 0 then 'claude' else 'shell' end, 'p',
               case when i % 5 = 0 then 'failed' else 'completed' end, 1, now(), case when i = 10 then 'It Broke' end
        from generate_series(1, 20) i
        """);
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void findsWhatMatchesInBoundedSteps() throws SQLException {
    try (Connection connection = database.connections().open("test")) {
      JobFilter failed = new JobFilter(Set.of(JobStatus.FAILED), null, null, List.of());
      FindMatchingJobs.Step first =
          FindMatchingJobs.step(connection, failed, Direction.OLDER, Long.MAX_VALUE, 8);
      assertThat(first).isEqualTo(new FindMatchingJobs.Step(List.of(20L, 15L), 8, 13));
      assertThat(FindMatchingJobs.step(connection, failed, Direction.OLDER, 13, 100))
          .isEqualTo(new FindMatchingJobs.Step(List.of(10L, 5L), 12, 1));
      assertThat(FindMatchingJobs.step(connection, failed, Direction.NEWER, 5, 100).ids())
          .containsExactly(10L, 15L, 20L);
      assertThat(FindMatchingJobs.step(connection, failed, Direction.OLDER, 1, 100))
          .isEqualTo(new FindMatchingJobs.Step(List.of(), 0, 0));
    }
  }

  @Test
  void everyConditionMustHoldAndPatternsAreNoPatterns() throws SQLException {
    assertThat(found(new JobFilter(Set.of(JobStatus.FAILED), "claude", null, List.of())))
        .containsExactly(20L, 10L);
    assertThat(found(new JobFilter(Set.of(), null, null, List.of("it broke"))))
        .containsExactly(10L);
    assertThat(found(new JobFilter(Set.of(), null, null, List.of("0% s", "e_"))))
        .containsExactly(7L);
    assertThat(found(new JobFilter(Set.of(), null, null, List.of("___")))).isEmpty();
    assertThat(found(new JobFilter(Set.of(), "shell", null, List.of("3"))))
        .containsExactly(13L, 3L);
  }

  @Test
  void queuesACopy() throws SQLException {
    try (Connection connection = database.connections().open("test")) {
      long copy = QueueAgain.queue(connection, 10, "0123");
      assertThat(copy).isEqualTo(21);
      assertThat(ReadJobs.byId(connection, copy).orElseThrow())
          .returns("job 10", job -> job.name())
          .returns(JobStatus.QUEUED, job -> job.status())
          .returns(0, job -> job.attempt());
    }
  }

  private List<Long> found(JobFilter filter) throws SQLException {
    try (Connection connection = database.connections().open("test")) {
      return FindMatchingJobs.step(connection, filter, Direction.OLDER, Long.MAX_VALUE, 100).ids();
    }
  }
}
