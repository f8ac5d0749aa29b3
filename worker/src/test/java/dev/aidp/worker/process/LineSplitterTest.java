package dev.aidp.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private final List<String> lines = new ArrayList<>();

  private void split(int limit, int chunk, byte[] bytes) {
    LineSplitter splitter =
        new LineSplitter(
            limit, (text, dropped) -> lines.add(dropped == 0 ? text : text + "+" + dropped));
    for (int i = 0; i < bytes.length; i += chunk) {
      byte[] copy = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + chunk));
      splitter.feed(copy, 0, copy.length);
      Arrays.fill(copy, (byte) '#');
    }
    splitter.finish();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void splitsAtNewlinesOnly() {
    split(100, 1000, utf8("a\u2028b\u0085c\u000bd\re\r\n\n\r\nlast"));
    assertThat(lines).containsExactly("a\u2028b\u0085c\u000bd\re", "", "", "last");
  }

  @Test
  void doesNotDependOnHowTheBytesArrive() {
    String text = "grün ✓ 🎉\r\nsecond\n\nthird 🎉";
    for (int chunk = 1; chunk < 20; chunk++) {
      lines.clear();
      split(100, chunk, utf8(text));
      assertThat(lines).containsExactly("grün ✓ 🎉", "second", "", "third 🎉");
    }
  }

  @Test
  void replacesWhatNoDatabaseTakes() {
    split(
        100, 3, new byte[] {'a', 0, 'b', (byte) 0xFF, 'c', (byte) 0xED, (byte) 0xA0, (byte) 0x80});
    String line = lines.getFirst();
    assertThat(line).startsWith("a\uFFFDb\uFFFDc\uFFFD").doesNotContain("\0");
    assertThat(line.chars().noneMatch(c -> Character.isSurrogate((char) c))).isTrue();
  }

  @Test
  void cutsALineAtTheLimitAndCountsTheRest() {
    split(4, 3, utf8("1234\n12345\n\n123456789\r\n12"));
    assertThat(lines).containsExactly("1234", "1234+1", "", "1234+6", "12");
  }

  @Test
  void cutsNoCharacterInTwo() {
    split(4, 100, utf8("123ü\nab✓\na🎉\n"));
    assertThat(lines).containsExactly("123+2", "ab+3", "a+4");
  }

  @Test
  void givesNothingForAnEmptyStream() {
    split(4, 1, new byte[0]);
    assertThat(lines).isEmpty();
  }
}
