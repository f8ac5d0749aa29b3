package dev.aidp.worker.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobEnvironmentsTest {
  private static final UUID DATABASE = UUID.fromString("0db00000-0000-4000-8000-000000000000");

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Map<String, String> STRANGE =
      Map.of("PATH", "/bin", "EMPTY", "", "LINES", "a\nb=c\r\n", "WIDE", "€𝄞\uFFFD", "-dash", "=");

  @TempDir private Path home;
  private JobEnvironments environments;

  @BeforeEach
  void useHome() {
    environments = at(NOON);
  }

  private JobEnvironments at(Instant now) {
    return new JobEnvironments(home.resolve("aidp"), DATABASE, Clock.fixed(now, ZoneOffset.UTC));
  }

  private Path file(String id) {
    return home.resolve("aidp/env").resolve(id);
  }

  @Test
  void anEnvironmentComesBackAsItWasKept() throws Exception {
    String id = environments.keep(STRANGE);

    assertThat(environments.load(id)).contains(STRANGE);
  }

  @Test
  void nobodyElseCanReadIt() throws Exception {
    Files.createDirectories(home.resolve("aidp/env"));
    String id = environments.keep(STRANGE);

    for (String name : List.of(id, "key", ".lock")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name))))
          .isEqualTo("rw-------");
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("aidp/env"))))
        .isEqualTo("rwx------");
  }

  @Test
  void equalEnvironmentsShareOneFileAndTheIdTellsNothing() throws Exception {
    String id = environments.keep(STRANGE);

    assertThat(id).matches("[0-9a-f]{32}").isEqualTo(environments.keep(STRANGE));
    assertThat(environments.keep(Map.of("PATH", "/bin"))).isNotEqualTo(id);
    JobEnvironments elsewhere =
        new JobEnvironments(home.resolve("other"), DATABASE, Clock.fixed(NOON, ZoneOffset.UTC));
    assertThat(elsewhere.keep(STRANGE)).isNotEqualTo(id);
  }

  @Test
  void theMarkerOfTheQueueingJobAndImpossibleNamesAreLeftOut() throws Exception {
    String id =
        environments.keep(
            Map.of("AIDP_EXECUTION", "x", "", "x", "a=b", "x", "NUL", "a\0B=c", "OK", "1"));

    assertThat(environments.load(id)).contains(Map.of("OK", "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "key", "../key", "/etc/passwd", ".lock", "00000000000000000000000000000000"})
  void whatIsNoIdHasNoEnvironment(String id) throws Exception {
    assertThat(environments.load(id)).isEmpty();
    environments.keep(STRANGE);

    assertThat(environments.load(id)).isEmpty();
  }

  @Test
  void aDamagedFileIsNotUsedAndKeptAnew() throws Exception {
    String id = environments.keep(STRANGE);
    byte[] content = Files.readAllBytes(file(id));
    Files.write(file(id), java.util.Arrays.copyOf(content, content.length - 1));

    assertThat(environments.load(id)).isEmpty();
    assertThat(environments.keep(STRANGE)).isEqualTo(id);
    assertThat(environments.load(id)).contains(STRANGE);
  }

  @Test
  void pruningLeavesWhatAnotherDatabaseMayNeed() throws Exception {
    JobEnvironments other =
        new JobEnvironments(
            home.resolve("aidp"),
            UUID.fromString("5eb1c0de-0000-4000-8000-000000000000"),
            Clock.fixed(NOON, ZoneOffset.UTC));
    String id = other.keep(STRANGE);
    String own = environments.keep(STRANGE);

    assertThat(at(NOON.plus(Duration.ofMinutes(61))).prune(Set.of())).isEqualTo(1);

    assertThat(other.load(id)).contains(STRANGE);
    assertThat(environments.load(own)).isEmpty();
  }

  @Test
  void pruningRemovesWhatIsOldAndNotNeeded() throws Exception {
    String needed = environments.keep(Map.of("A", "1"));
    String old = environments.keep(Map.of("A", "2"));
    String used = environments.keep(Map.of("A", "3"));
    Files.createFile(file(".partial123.tmp"));
    Files.setLastModifiedTime(file(".partial123.tmp"), FileTime.from(NOON));
    JobEnvironments later = at(NOON.plus(Duration.ofMinutes(61)));
    String young = later.keep(Map.of("A", "4"));
    later.keep(Map.of("A", "3"));

    assertThat(later.prune(Set.of(needed))).isEqualTo(2);
    assertThat(later.load(old)).isEmpty();
    for (String id : List.of(needed, used, young)) {
      assertThat(later.load(id)).isPresent();
    }
    assertThat(at(NOON).prune(Set.of())).isZero();
  }

  @Test
  void pruningWithoutADirectoryDoesNothing() throws Exception {
    assertThat(environments.prune(Set.of())).isZero();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void severalThreadsMayKeepAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<String>> keeps = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        keeps.add(() -> at(NOON).keep(STRANGE));
      }
      String id = environments.keep(STRANGE);
      for (Future<String> kept : threads.invokeAll(keeps)) {
        assertThat(kept.get()).isEqualTo(id);
      }
    }
    assertThat(count()).isEqualTo(3);
  }

  private long count() throws IOException {
    try (var files = Files.list(home.resolve("aidp/env"))) {
      return files.count();
    }
  }
}
