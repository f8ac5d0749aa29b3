package dev.aidp.worker.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.db.testing.TestDatabase;
import dev.aidp.worker.environment.JobEnvironments;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {
  @TempDir Path home;
  private final TestDatabase database = TestDatabase.create();
  private final List<String> warnings = new ArrayList<>();

  @AfterEach
  void close() {
    database.close();
  }

  private void once(@Nullable Duration retention) {
    try (Housekeeping housekeeping =
        new Housekeeping(
            database.connections(),
            environments(Clock.offset(Clock.systemUTC(), Duration.ofHours(2))),
            retention,
            warnings::add)) {
      housekeeping.once();
    }
  }

  private JobEnvironments environments(Clock clock) {
    return new JobEnvironments(home, UUID.nameUUIDFromBytes(new byte[1]), clock);
  }

  private long count(String fromWhere) throws Exception {
    try (Connection connection = database.connections().open("test");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + fromWhere)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void endedJob(String environment, String age) {
    database.execute(
        """
        insert into aidp.jobs (name, provider, prompt, max_attempts, status, completed_at, options)
        values ('job', 'shell', 'true', 1, 'completed', now() - interval '%s', '{"environment": "%s"}')
        """
            .formatted(age, environment));
  }

  @Test
  void makesTheNextMonthsPartitions() throws Exception {
    String partitions = "pg_inherits where inhparent = 'aidp.job_logs'::regclass";
    long before = count(partitions);
    database.execute(
        "do $$ begin execute 'drop table aidp.job_logs_' || to_char((now() at time zone 'UTC') +"
            + " interval '1 month', 'YYYYMM'); end $$");
    assertThat(count(partitions)).isEqualTo(before - 1);
    once(null);
    assertThat(count(partitions)).isEqualTo(before);
    assertThat(warnings).isEmpty();
  }

  @Test
  void dropsTheEnvironmentsThatNoJobNeeds() throws Exception {
    JobEnvironments environments = environments(Clock.systemUTC());
    String needed = environments.keep(Map.of("NEEDED", "yes"));
    String done = environments.keep(Map.of("NEEDED", "no"));
    database.execute(
        """
        insert into aidp.jobs (name, provider, prompt, max_attempts, options)
        values ('job', 'shell', 'true', 1, '{"environment": "%s"}')
        """
            .formatted(needed));
    endedJob(done, "1 h");
    once(null);
    assertThat(environments.load(needed)).isPresent();
    assertThat(environments.load(done)).isEmpty();
  }

  @Test
  void deletesHistoryOnlyWhereARetentionIsConfigured() throws Exception {
    endedJob("none", "40 d");
    endedJob("none", "20 d");
    once(null);
    assertThat(count("aidp.jobs")).isEqualTo(2);
    once(Duration.ofDays(30));
    assertThat(count("aidp.jobs")).isEqualTo(1);
  }

  @Test
  void onlyTellsWhatWentWrong() {
    database.execute("alter table aidp.jobs rename column options to no_options");
    once(null);
    assertThat(warnings).singleElement().asString().startsWith("housekeeping was not finished: ");
  }
}
