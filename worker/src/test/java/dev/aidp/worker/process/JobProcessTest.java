package dev.aidp.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.worker.process.OutputLine.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a process gets, what comes back, and why one is not started.
class JobProcessTest {
  @TempDir Path directory;
  private ProcessSupervisor supervisor;
  private Path scratch;
  private final Jobs.Lines lines = new Jobs.Lines();

  @BeforeEach
  void open() throws IOException {
    scratch = Files.createDirectory(directory.resolve("scratch"));
    supervisor = ProcessSupervisor.open(scratch);
  }

  @AfterEach
  void close() {
    supervisor.close();
  }

  private int run(ProcessSpec spec) throws Exception {
    return supervisor.start(spec, lines).await(Jobs.LIMIT).orElseThrow();
  }

  private int runBash(String script) throws Exception {
    return run(Jobs.bash(directory, script));
  }

  @ParameterizedTest
  @CsvSource({
    "exit 0, 0",
    "exit 7, 7",
    "exit 126, 126",
    "exit 127, 127",
    "exit 255, 255",
    "kill -TERM $$, 143",
    "kill -KILL $$, 137",
    "kill -USR1 $$, 138",
    "kill -SEGV $$, 139"
  })
  void givesTheExitCode(String script, int exitCode) throws Exception {
    assertThat(runBash(script)).isEqualTo(exitCode);
  }

  @Test
  void keepsTheStreamsApartAndInOrder() throws Exception {
    assertThat(runBash("for i in 1 2 3; do echo out $i; echo err $i >&2; done; printf last"))
        .isZero();
    assertThat(lines.texts(Source.STDOUT)).containsExactly("out 1", "out 2", "out 3", "last");
    assertThat(lines.texts(Source.STDERR)).containsExactly("err 1", "err 2", "err 3");
  }

  @Test
  void passesArgumentsUntouched() throws Exception {
    String hostile = "a b'\"$(id)`id`;&|*\\\n\t-- ü";
    run(Jobs.spec(directory, "bash", "-c", "printf '%s' \"$1\" | od -An -tx1", "-", hostile));
    run(Jobs.spec(directory, "printf", "%s|", "", hostile.replace("\n", ""), "-x", "--"));
    assertThat(lines.texts(Source.STDOUT))
        .last()
        .isEqualTo("|" + hostile.replace("\n", "") + "|-x|--|");
  }

  @Test
  void givesExactlyTheEnvironmentAndTheMarker() throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("BASH_ENV", "/no/such/file");
    environment.put("BASH_FUNC_kill%%", "() { :; }");
    environment.put("LC_ALL", "xx_XX.nonsense");
    environment.put("SHLVL", "5");
    environment.put("TMOUT", "1");
    environment.put("MULTI", "one\ntwo=ü");
    ProcessSpec spec = ProcessSpec.of(List.of("env", "-0"), environment, directory, Jobs.marker());
    assertThat(run(spec)).isZero();
    String output = String.join("\n", lines.texts(Source.STDOUT));
    environment.put("AIDP_EXECUTION", spec.marker().value());
    String[] expected =
        environment.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .toArray(String[]::new);
    assertThat(output.split("\uFFFD", 0)).containsExactlyInAnyOrder(expected);
    assertThat(lines.texts(Source.STDERR)).isEmpty();
  }

  @Test
  void leadsASessionInItsWorkingDirectoryWithAnEmptyStdin() throws Exception {
    JobProcess job =
        supervisor.start(
            Jobs.bash(directory, "pwd; ps -o sid= -p $$ | tr -d ' '; cat; echo end"), lines);
    assertThat(job.await(Jobs.LIMIT)).hasValue(0);
    assertThat(lines.texts(Source.STDOUT))
        .containsExactly(directory.toRealPath().toString(), Long.toString(job.pid()), "end");
  }

  @Test
  void feedsStdinFromAFileThatIsGone() throws Exception {
    byte[] bytes = new byte[5_000_000];
    Arrays.fill(bytes, (byte) 'x');
    bytes[1_000_000] = 0;
    ProcessSpec spec =
        Jobs.bash(
                directory,
                // The child may be sooner than the removal, by a moment.
                "while [ -e \"$(echo scratch/*)\" ]; do sleep 0.01; done; stat -L -c %a /dev/stdin;"
                    + " wc -c")
            .withStdin(ByteBuffer.wrap(bytes));
    assertThat(run(spec)).isZero();
    assertThat(lines.texts(Source.STDOUT)).containsExactly("600", "5000000");
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void ignoresAStdinThatNobodyReads() throws Exception {
    assertThat(run(Jobs.spec(directory, "true").withStdin("x".repeat(1_000_000)))).isZero();
  }

  @Test
  void makesHostileBytesHarmless() throws Exception {
    assertThat(runBash("printf 'a\\0b\\377\\xed\\xa0\\x80\\r\\n\\xe2\\x80\\xa8raw\\n'")).isZero();
    assertThat(lines.texts(Source.STDOUT)).containsExactly("a\uFFFDb\uFFFD\uFFFD", "\u2028raw");
  }

  @Test
  void cutsALineOf50Megabytes() throws Exception {
    assertThat(runBash("head -c 50000000 /dev/zero | tr '\\0' x; echo; echo after")).isZero();
    OutputLine giant = lines.all().getFirst();
    assertThat(giant.text()).hasSize(1 << 20);
    assertThat(giant.droppedBytes()).isEqualTo(50_000_000 - (1 << 20));
    assertThat(giant.textWithNote()).endsWith("[line cut: 48951424 bytes dropped]");
    assertThat(lines.all().get(1).text()).isEqualTo("after");
  }

  @Test
  void drainsOnAfterTheConsumerFailed() throws Exception {
    JobProcess job =
        supervisor.start(
            Jobs.bash(directory, "seq 1000000; exit 3"),
            line -> {
              throw new IllegalArgumentException("no room for " + line.text());
            });
    assertThatThrownBy(() -> job.await(Jobs.LIMIT)).hasRootCauseMessage("no room for 1");
  }

  @Test
  void awaitGivesUpAtItsLimit() throws Exception {
    JobProcess job = supervisor.start(Jobs.spec(directory, "sleep", "1000"), lines);
    assertThat(job.await(Duration.ofMillis(1))).isEmpty();
    assertThat(job.isRunning()).isTrue();
    assertThat(job.stop(Duration.ofSeconds(10))).isTrue();
    assertThat(job.await()).isEqualTo(143);
    assertThat(job.stop(Duration.ZERO)).isTrue();
  }

  @Test
  void runsManyAtOnce() throws Exception {
    List<JobProcess> jobs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      jobs.add(supervisor.start(Jobs.bash(directory, "cat >/dev/null; exit " + i), lines));
    }
    for (int i = 0; i < 50; i++) {
      assertThat(jobs.get(i).await(Jobs.LIMIT)).hasValue(i);
    }
  }

  @Test
  void tellsWhyNothingWasStarted() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "text");
    Path script = executable("script", "#!/no/such/shell\n");
    Path byEnv = executable("by-env", "#!/usr/bin/env no-such-interpreter\n");
    assertFailure(StartFailure.Kind.MISSING_BINARY, "no-such-program");
    assertFailure(StartFailure.Kind.MISSING_BINARY, "./no-such-program");
    assertFailure(StartFailure.Kind.MISSING_BINARY, "");
    assertFailure(StartFailure.Kind.MISSING_BINARY, script.toString());
    assertFailure(StartFailure.Kind.MISSING_BINARY, byEnv.toString());
    assertFailure(StartFailure.Kind.NOT_EXECUTABLE, plain.toString());
    assertFailure(StartFailure.Kind.NOT_EXECUTABLE, "./scratch");
    assertFailure(StartFailure.Kind.UNUSABLE_ARGUMENT, "echo", "x".repeat(1_000_000));
    assertFailure(StartFailure.Kind.UNUSABLE_ARGUMENT, "echo", "a\0b");
    assertThat(failure(Jobs.spec(directory.resolve("gone"), "true")))
        .isEqualTo(StartFailure.Kind.MISSING_DIRECTORY);
    assertThat(failure(Jobs.spec(plain, "true"))).isEqualTo(StartFailure.Kind.MISSING_DIRECTORY);
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void searchesThePathOfTheChild() throws Exception {
    Files.createDirectory(directory.resolve("bin"));
    executable("bin/tool", "#!/bin/sh\necho found by \"$1\"\n");
    for (String path : Stream.of(directory.resolve("bin").toString(), "bin", "/no:bin").toList()) {
      ProcessSpec spec =
          ProcessSpec.of(List.of("tool", path), Map.of("PATH", path), directory, Jobs.marker());
      assertThat(run(spec)).isZero();
      assertThat(lines.next()).isEqualTo("found by " + path);
    }
  }

  private Path executable(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  private void assertFailure(StartFailure.Kind kind, String... argv) {
    assertThat(failure(Jobs.spec(directory, argv))).as("%s", argv[0]).isEqualTo(kind);
  }

  private StartFailure.Kind failure(ProcessSpec spec) {
    try {
      supervisor.start(spec, lines);
    } catch (StartFailure e) {
      assertThat(e.getMessage()).isNotBlank().doesNotEndWith(".");
      return e.kind();
    }
    throw new AssertionError("Was started: " + spec);
  }
}
