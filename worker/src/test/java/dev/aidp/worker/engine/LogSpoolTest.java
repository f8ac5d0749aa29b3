package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSpoolTest {
  @TempDir Path directory;

  private static LogEntry entry(long seq, String message) {
    return new LogEntry(
        7,
        2,
        seq,
        Instant.parse("2026-11-21T12:00:00.123456789Z"),
        LogLevel.WARN,
        LogCategory.TOOL,
        message,
        seq % 2 == 0 ? null : "{\"stream\":\"stderr\"}");
  }

  private LogSpool spool(long maxFileBytes) {
    return new LogSpool(directory.resolve("spool").resolve("1"), maxFileBytes);
  }

  /// Takes everything out, in small bites.
  private static List<LogEntry> drain(LogSpool spool) {
    List<LogEntry> all = new ArrayList<>();
    for (List<LogEntry> head = spool.head(10_000); !head.isEmpty(); head = spool.head(10_000)) {
      all.addAll(head);
      spool.remove(head.size());
    }
    return all;
  }

  @Test
  void givesBackWhatItTookInOrderAcrossTheFile() throws IOException {
    LogSpool spool = spool(Long.MAX_VALUE);
    List<LogEntry> given = new ArrayList<>();
    for (long seq = 1; seq <= 30_000; seq++) {
      LogEntry entry = entry(seq, "line \u00e4\ud83d\ude00 " + seq);
      given.add(entry);
      assertThat(spool.add(entry)).isTrue();
    }
    try (var files = Files.list(directory.resolve("spool"))) {
      assertThat(files).hasSize(1);
    }
    assertThat(drain(spool)).isEqualTo(given);
    try (var files = Files.list(directory.resolve("spool"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void goesOnInTheFileWhileThatIsTakenOut() {
    LogSpool spool = spool(Long.MAX_VALUE);
    List<Long> taken = new ArrayList<>();
    long seq = 0;
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 3_000; i++) {
        assertThat(spool.add(entry(++seq, "line"))).isTrue();
      }
      List<LogEntry> head = spool.head(100_000);
      head.forEach(one -> taken.add(one.seq()));
      spool.remove(head.size());
    }
    drain(spool).forEach(one -> taken.add(one.seq()));
    assertThat(taken).containsExactlyElementsOf(LongStream.rangeClosed(1, seq).boxed().toList());
  }

  @Test
  void hasNoRoomOnceItsFileIsLargeUntilAllOfItIsTakenOut() {
    LogSpool spool = spool(500_000);
    long count = 0;
    while (spool.add(entry(count + 1, "line"))) {
      count++;
    }
    assertThat(count).isBetween(10_000L, 30_000L);
    spool.remove(spool.head(10_000).size());
    assertThat(spool.hasRoom()).isFalse();
    drain(spool);
    assertThat(spool.hasRoom()).isTrue();
    assertThat(spool.add(entry(count + 1, "line"))).isTrue();
  }

  @Test
  void keepsALittleInMemoryWhereNoFileCanBeMade() throws IOException {
    Files.writeString(directory.resolve("spool"), "in the way");
    LogSpool spool = spool(Long.MAX_VALUE);
    long count = 0;
    while (spool.add(entry(count + 1, "line"))) {
      count++;
    }
    assertThat(count).isBetween(10_000L, 50_000L);
    assertThat(drain(spool)).hasSize((int) count);
    assertThat(spool.hasRoom()).isTrue();
  }
}
