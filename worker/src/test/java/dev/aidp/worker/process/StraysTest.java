package dev.aidp.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StraysTest {
  @TempDir Path directory;
  private final Strays strays = new Strays();

  private Process marked(ExecutionMarker marker, String... argv) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
    builder.environment().put(ExecutionMarker.VARIABLE, marker.value());
    return builder.start();
  }

  @Test
  void findsAndKillsOnlyTheCondemnedOfItsDatabase() throws Exception {
    ExecutionMarker dead = Jobs.marker();
    ExecutionMarker live =
        new ExecutionMarker(dead.databaseId(), dead.execution() + 1, dead.token());
    ExecutionMarker foreign = new ExecutionMarker("other-database", dead.execution(), dead.token());
    Process deadProcess = marked(dead, "sleep", "1000");
    Process stubborn =
        marked(dead, "bash", "-c", "trap '' TERM; echo; while :; do env -i sleep 1; done");
    Process liveProcess = marked(live, "sleep", "1000");
    Process foreignProcess = marked(foreign, "sleep", "1000");
    assertThat(stubborn.getInputStream().read()).isEqualTo('\n');
    try {
      Jobs.until("the marker after exec", () -> strays.find(dead.databaseId()).size() >= 3);
      assertThat(strays.find(dead.databaseId()))
          .extracting(Stray::pid)
          .contains(deadProcess.pid(), stubborn.pid(), liveProcess.pid())
          .doesNotContain(foreignProcess.pid());
      assertThat(strays.find(dead.databaseId()))
          .allMatch(stray -> stray.startedAt().isAfter(Instant.now().minusSeconds(600)));

      assertThat(strays.kill(dead.databaseId(), dead::equals, Duration.ofMillis(100))).isTrue();

      assertThat(strays.find(dead.databaseId()))
          .extracting(Stray::pid)
          .containsExactly(liveProcess.pid());
      assertThat(foreignProcess.isAlive()).isTrue();
    } finally {
      liveProcess.destroyForcibly();
      foreignProcess.destroyForcibly();
      deadProcess.destroyForcibly();
      stubborn.destroyForcibly();
    }
  }

  @Test
  void readsOnlyWellFormedMarkers() {
    assertThat(ExecutionMarker.parse("db:12:tok")).contains(new ExecutionMarker("db", 12, "tok"));
    for (String bad : new String[] {"", "a:b:c", "a:1", "a:1:b:c", "a b:1:c", "a:1:b\n"}) {
      assertThat(ExecutionMarker.parse(bad)).as("'%s'", bad).isEmpty();
    }
  }

  @Test
  void findsTheMarkerInAnEnvironment() {
    String environment = "X=AIDP_EXECUTION=a:1:b\0AIDP_EXECUTIONS=a:1:b\0AIDP_EXECUTION=c:2:d\0";
    assertThat(LinuxProcessTable.findMarker(environment.getBytes(StandardCharsets.UTF_8)))
        .contains(new ExecutionMarker("c", 2, "d"));
    assertThat(LinuxProcessTable.findMarker(new byte[0])).isEmpty();
  }
}
