package dev.aidp.db.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationLogTest {
  @Test
  void linesOfSeveralProcessesNeverMix(@TempDir Path directory) throws Exception {
    List<Process> writers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      writers.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  directory.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (Process writer : writers) {
      assertThat(writer.waitFor()).isZero();
    }

    List<String> lines = Files.readAllLines(directory.resolve("operations.log"));
    assertThat(lines).hasSize(600);
    assertThat(lines)
        .allMatch(line ->
            line.matches(
                "\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z] \\[INFO] \\[system] Job \\d+ queued"
                    + " \\{\"name\":\"x{2000}\",\"provider\":\"shell\"}"));
  }

  /// Another process that writes to the same file.
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      OperationLog log =
          OperationLog.of(Map.of(OperationLog.VARIABLE, "operations.log"), Path.of(arguments[0]));
      for (int i = 0; i < 200; i++) {
        String failure =
            log.log("queued", i, Map.of("provider", "shell", "name", "x".repeat(2000)));
        if (failure != null) {
          throw new IllegalStateException(failure);
        }
      }
    }
  }
}
