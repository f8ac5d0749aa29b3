package dev.aidp.worker.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.error.AidpException;
import dev.aidp.worker.process.ProcessStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostIdentityTest {
  @TempDir Path directory;

  @Test
  void keepsTheLabelThatItMadeOnce() throws Exception {
    Path home = directory.resolve("a/b");
    String label = HostIdentity.current(home, Map.of()).label();
    assertThat(label).matches("[a-z0-9-]+-[0-9a-f]{4}");
    assertThat(Files.readString(home.resolve("host"))).isEqualTo(label + "\n");
    assertThat(HostLabel.resolve(home, Map.of())).isEqualTo(label);
    assertThat(home.toFile().list()).containsExactly("host");
  }

  @Test
  void givesAllCallersTheSameLabel() throws Exception {
    Callable<String> resolve = () -> HostLabel.resolve(directory, Map.of());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> labels =
          threads.invokeAll(IntStream.range(0, 50).mapToObj(i -> resolve).toList());
      assertThat(labels.stream().map(Future::resultNow).distinct()).hasSize(1);
    }
  }

  @Test
  void theEnvironmentOverridesTheFile() {
    Map<String, String> environment = Map.of("AIDP_HOST", "my.host_1");
    assertThat(HostLabel.resolve(directory, environment)).isEqualTo("my.host_1");
    assertThat(directory.resolve("host")).doesNotExist();
    assertThatThrownBy(() -> HostLabel.resolve(directory, Map.of("AIDP_HOST", "a b")))
        .isInstanceOf(AidpException.class)
        .hasMessageContaining("AIDP_HOST");
  }

  @Test
  void refusesAFileThatHoldsNoLabel() throws Exception {
    Files.writeString(directory.resolve("host"), "");
    assertThatThrownBy(() -> HostLabel.resolve(directory, Map.of()))
        .isInstanceOf(AidpException.class);
  }

  @Test
  void seesThatAWorkerIsGone() throws Exception {
    HostIdentity own = HostIdentity.current(directory, Map.of());
    assertThat(own.isGone(own)).isFalse();

    Process process = new ProcessBuilder("sleep", "1000").start();
    long start = ProcessStart.ticks(process.pid()).orElseThrow();
    HostIdentity other =
        new HostIdentity(own.label(), own.bootId(), own.pidNamespace(), process.pid(), start);
    assertThat(own.isGone(other)).isFalse();
    process.destroyForcibly().waitFor();
    assertThat(own.isGone(other)).isTrue();
  }

  @Test
  void seesThatAPidIsAnotherProcessByNow() {
    HostIdentity own = HostIdentity.current(directory, Map.of());
    assertThat(own.isGone(own.pid(), own.startTicks() - 1)).isTrue();
  }

  @Test
  void declaresNobodyDeadWhoIsOutOfSight() {
    HostIdentity own = HostIdentity.current(directory, Map.of());
    long noPid = Long.MAX_VALUE / 2;
    for (HostIdentity other :
        List.of(
            new HostIdentity("other", own.bootId(), own.pidNamespace(), noPid, 1),
            new HostIdentity(own.label(), "other", own.pidNamespace(), noPid, 1),
            new HostIdentity(own.label(), own.bootId(), "other", noPid, 1))) {
      assertThat(own.sees(other)).isFalse();
      assertThat(own.isGone(other)).isFalse();
    }
  }
}
