package dev.aidp.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Closing the guardian cuts the lifeline, as the death of the worker does.
class GuardianTest {
  @TempDir Path directory;
  private final OwnSession session = OwnSession.ofThisHost();
  private final List<Long> pids = new ArrayList<>();

  private Process tree(ExecutionMarker marker) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(session.leader(List.of("bash", "-c", StopTest.TREE + "wait")));
    builder.environment().put(ExecutionMarker.VARIABLE, marker.value());
    Process process = builder.start();
    BufferedReader out = process.inputReader();
    for (int i = 0; i < StopTest.TREE_SIZE; i++) {
      pids.add(Long.parseLong(out.readLine()));
    }
    pids.add(process.pid());
    return process;
  }

  @ParameterizedTest
  @CsvSource({"proc, true", "proc, false", "procps, true", "procps, false"})
  void endsWhatIsRegisteredAndNothingElse(String tableMode, boolean perl) throws Exception {
    Guardian guardian = Guardian.open(perl ? OwnSession.byPerl() : session, tableMode, directory);
    ExecutionMarker forgotten = Jobs.marker();
    ExecutionMarker registered = Jobs.marker();
    Process bystander = new ProcessBuilder("sleep", "1000").start();
    try {
      Guardian.Registration first = guardian.register(forgotten);
      Guardian.Registration second = guardian.register(registered);
      Process process = tree(registered);
      first.close();
      second.started(
          process.pid(), new LinuxProcessTable().startTicks(process.pid()).orElseThrow());
      assertThat(pids).hasSize(StopTest.TREE_SIZE + 1).allMatch(Jobs::isAlive);
      guardian.close();
      assertThat(pids).noneMatch(Jobs::isAlive);
      assertThat(Jobs.marked(registered)).isEmpty();
      assertThat(bystander.isAlive()).isTrue();
      assertThat(directory).doesNotExist();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "procps"})
  void findsAJobWhosePidItWasNeverTold(String tableMode) throws Exception {
    Guardian guardian = Guardian.open(session, tableMode, directory);
    ExecutionMarker marker = Jobs.marker();
    guardian.register(marker);
    assertThat(tree(marker).isAlive()).isTrue();
    guardian.close();
    assertThat(pids).noneMatch(Jobs::isAlive);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void believesNoPidThatIsAnotherProcessByNow(int offset) throws Exception {
    Guardian guardian = Guardian.open(session, "proc", directory);
    Process other = new ProcessBuilder(session.leader(List.of("sleep", "1000"))).start();
    long start = new LinuxProcessTable().startTicks(other.pid()).orElseThrow();
    try {
      guardian.register(Jobs.marker()).started(other.pid(), start - offset);
      guardian.close();
      assertThat(Jobs.isAlive(other.pid())).isEqualTo(offset == 1);
    } finally {
      other.destroyForcibly();
    }
  }
}
