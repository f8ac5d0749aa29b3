package dev.aidp.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetachedTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesTheTreeAndTheMarker(boolean perl) throws Exception {
    OwnSession session = perl ? OwnSession.byPerl() : OwnSession.ofThisHost();
    Path log = Files.writeString(directory.resolve("log"), "before\n");
    Map<String, String> environment = new HashMap<>(Jobs.environment());
    environment.put(ExecutionMarker.VARIABLE, Jobs.marker().value());
    String script =
        "echo pid $$; echo marker [$AIDP_EXECUTION] >&2; cat; pwd; ps -o ppid=,sid= -p $$;"
            + " exec sleep 1000";
    Detached.start(List.of("bash", "-c", script), environment, directory, log, session);
    Jobs.until("its output", () -> Files.readAllLines(log).size() == 5);
    List<String> lines = Files.readAllLines(log);
    long pid = Long.parseLong(lines.get(1).substring(4));
    ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
    try {
      assertThat(lines).startsWith("before", "pid " + pid, "marker []");
      assertThat(lines.get(3)).isEqualTo(directory.toRealPath().toString());
      assertThat(lines.get(4).strip().split(" +", 2)[1]).isEqualTo(Long.toString(pid));
      Jobs.until(
          "reparenting",
          () -> ProcessHandle.current().descendants().noneMatch(child -> child.pid() == pid));
    } finally {
      daemon.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-program", "/no/such/program"})
  void tellsAMissingProgram(String program) {
    assertThatThrownBy(() ->
            Detached.start(
                List.of(program), Jobs.environment(), directory, directory.resolve("log")))
        .isInstanceOf(StartFailure.class);
  }
}
