package dev.aidp.worker.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Named pipes for the output of jobs, used again and again. The JDK's own pipes will not do: when
/// a process exits, its reaper copies what is in the pipe to memory, for as long as something is,
/// and closes it, so that output of what the process left behind is lost, or fills the heap.
/// Thread-safe.
final class OutputPipes implements AutoCloseable {
  /// How many pairs one start of mkfifo makes.
  private static final int BATCH = 8;

  private final Path directory;
  private final Deque<Pair> free = new ArrayDeque<>();
  private int made;

  /// The pipes of one job.
  record Pair(Path stdout, Path stderr) {}

  private OutputPipes(Path directory) {
    this.directory = directory;
  }

  /// Makes a directory, which only this user can enter, for the pipes.
  static OutputPipes open() throws IOException {
    return new OutputPipes(Files.createTempDirectory("aidp-pipes-"));
  }

  Path directory() {
    return directory;
  }

  /// A pair that nobody else reads or writes.
  synchronized Pair take() throws IOException {
    for (Pair pair = free.poll(); pair != null; pair = free.poll()) {
      if (isPipe(pair.stdout()) && isPipe(pair.stderr())) {
        return pair;
      }
      // Something cleans up the system's directory for temporary files.
    }
    make();
    return free.remove();
  }

  /// Takes back a pair that was read to the end.
  synchronized void giveBack(Pair pair) {
    free.push(pair);
  }

  /// Deletes the directory. Pipes that are still open can be read on.
  @Override
  public synchronized void close() {
    free.clear();
    File[] pipes = directory.toFile().listFiles();
    try {
      for (File pipe : pipes == null ? new File[0] : pipes) {
        Files.deleteIfExists(pipe.toPath());
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // The guardian tries too.
    }
  }

  private void make() throws IOException {
    Files.createDirectories(directory);
    List<Pair> pairs = new ArrayList<>();
    List<String> command = new ArrayList<>(List.of("mkfifo", "-m", "600"));
    for (int i = 0; i < BATCH; i++, made++) {
      Pair pair = new Pair(directory.resolve("out-" + made), directory.resolve("err-" + made));
      pairs.add(pair);
      command.add(pair.stdout().toString());
      command.add(pair.stderr().toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", Guardian.toolPath()));
    int exitCode = Guardian.exitCode(builder.start());
    if (exitCode != 0) {
      throw new IOException("mkfifo ended with exit code " + exitCode + " in " + directory);
    }
    free.addAll(pairs);
  }

  private static boolean isPipe(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther();
    } catch (IOException e) {
      return false;
    }
  }
}
