package dev.aidp.db.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class CountJobsTest {
  @Test
  void countsExactlyWhereThereAreFewAndAtLeastSoManyBeyond() throws SQLException {
    try (TestDatabase database = TestDatabase.create();
        Connection connection = database.connections().open("test")) {
      assertThat(CountJobs.byStatus(connection)).isEqualTo(CountJobs.Counts.NONE);

      completed(database, 3);
      database.execute("select aidp.enqueue('shell', 'true')");
      CountJobs.Counts few = CountJobs.byStatus(connection);
      assertThat(few.of(JobStatus.COMPLETED)).isEqualTo(new Count(3, true));
      assertThat(few.of(JobStatus.QUEUED)).isEqualTo(new Count(1, true));
      assertThat(few.of(JobStatus.FAILED)).isEqualTo(Count.NONE);
      assertThat(few.total()).isEqualTo(4);
      assertThat(few.exact()).isTrue();

      completed(database, CountJobs.RECENT + 50);
      CountJobs.Counts many = CountJobs.byStatus(connection);
      assertThat(many.of(JobStatus.COMPLETED)).isEqualTo(new Count(CountJobs.RECENT + 1, false));
      // Far beyond the recent ones, yet counted: it is in line.
      assertThat(many.of(JobStatus.QUEUED)).isEqualTo(new Count(1, true));
      assertThat(many.of(JobStatus.RUNNING)).isEqualTo(Count.NONE);
      assertThat(many.exact()).isFalse();
      assertThat(many.total()).isGreaterThan(CountJobs.RECENT);
    }
  }

  @Test
  void findsAndCountsWhatIsNewer() throws SQLException {
    try (TestDatabase database = TestDatabase.create();
        Connection connection = database.connections().open("test")) {
      completed(database, 10);
      assertThat(FindJobIds.after(connection, 4, 3)).containsExactly(5L, 6L, 7L);
      assertThat(FindJobIds.after(connection, Long.MIN_VALUE, 2)).containsExactly(1L, 2L);
      assertThat(CountJobs.newerThan(connection, 4, 100)).isEqualTo(new Count(6, true));
      assertThat(CountJobs.newerThan(connection, 4, 5)).isEqualTo(new Count(5, false));
    }
  }

  private static void completed(TestDatabase database, int count) {
    database.execute(
        """
        insert into aidp.jobs (name, provider, prompt, status, max_attempts, completed_at)
        select 'done', 'shell', 'true', 'completed', 1, now() from generate_series(1, %d)
        """
            .formatted(count));
  }
}
