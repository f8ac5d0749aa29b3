package dev.aidp.db.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigratorTest {
  @Test
  void migratesAnEmptyDatabaseOnceHoweverManyTry() throws Exception {
    try (TestDatabase database = TestDatabase.createEmpty();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      assertThat(Migrator.current(database.connections())).isEmpty();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(() -> Migrator.ensureCurrent(database.connections())));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertThat(Migrator.current(database.connections()))
          .contains(new Migrator.Schema(Migrator.SCHEMA, 1));
      assertThat(Migrator.migrate(database.connections()).version()).isEqualTo(Migrator.SCHEMA);
    }
  }

  @Test
  void worksOnANewerSchemaThatAllowsIt() {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute("update aidp.schema_info set schema_version = 9999");
      Migrator.ensureCurrent(database.connections());
      assertThat(Migrator.migrate(database.connections()).version()).isEqualTo(9999);
    }
  }

  @Test
  void refusesASchemaThatSaysTheProgramIsTooOld() {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute("update aidp.schema_info set minimum_program = 9999");
      assertThatThrownBy(() -> Migrator.ensureCurrent(database.connections()))
          .isInstanceOfSatisfying(
              AidpException.class,
              e -> {
                assertThat(e.category()).isEqualTo(ErrorCategory.DATABASE);
                assertThat(e).hasMessageContaining("needs a newer aidp: program level 9999");
                assertThat(e.remedy()).isEqualTo("Upgrade aidp on this machine");
              });
    }
  }

  @Test
  void saysWhichPermissionIsMissing() {
    try (TestDatabase database = TestDatabase.createEmpty()) {
      database.execute("create role pauper login password 'pauper' nosuperuser");
      try {
        String url = database.address().jdbcUrl();
        DatabaseAddress poor = new DatabaseAddress(url, "pauper", "pauper", false);
        assertThatThrownBy(() -> Migrator.migrate(Connections.to(poor)))
            .isInstanceOfSatisfying(
                AidpException.class,
                e -> {
                  assertThat(e).hasMessageContaining("permission denied for database");
                  assertThat(e.remedy()).contains("GRANT CREATE ON DATABASE");
                });
      } finally {
        database.execute("drop role pauper");
      }
    }
  }

  @Test
  void knowsTheNewestMigration() throws IOException {
    Path migrations = Path.of("src/main/resources/dev/aidp/db/migration");
    try (Stream<Path> files = Files.list(migrations)) {
      int newest =
          files
              .map(file -> file.getFileName().toString())
              .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
              .max()
              .orElseThrow();
      assertThat(Migrator.SCHEMA).as("Migrator.SCHEMA").isEqualTo(newest);
    }
  }
}
