package dev.aidp.cli.tui.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.tui.data.LogLine;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Key.Named;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

/// What an agent prints never reaches the terminal as it was.
class HostileLogTest {
  private static final List<String> HOSTILE =
      List.of(
          IntStream.range(0, 0x20).mapToObj(Character::toString).collect(Collectors.joining("x")),
          IntStream.range(0x7F, 0xA0)
              .mapToObj(Character::toString)
              .collect(Collectors.joining("x")),
          "\033]52;c;cm0gLXJmIC8=\007 clipboard",
          "\033]0;owned\007 title \033]2;owned\033\\",
          "\033[2J\033[H\033[31m\033[?1049l\033c screen",
          "\u009b2J C1 \u009d52;c;eA==\u009c",
          "\u202eevil\u202c \u2066isolate\u2069 \u200e\u200f\u061c",
          "e" + "\u0301".repeat(500) + " combining",
          "日本語".repeat(200),
          "👩‍👩‍👧‍👦 family, flag 🇩🇪, \ud800 lone",
          "a\rb\bc\fd\u000be",
          "\ttabs\tand\ttabs",
          "x".repeat(1 << 20));

  @Test
  void nothingButTextReachesTheTerminal() {
    Screens screens = RenderTest.detail(80, 24);
    List<LogLine> lines = new ArrayList<>();
    for (int i = 0; i < HOSTILE.size(); i++) {
      lines.add(RenderTest.line(i + 1, LogLevel.INFO, LogCategory.AGENT, HOSTILE.get(i)));
    }
    for (LogLine line : lines) {
      Snapshot.Detail before = Objects.requireNonNull(((JobDetail) screens.ui().top()).data());
      LogWindow window = new LogWindow(2, List.of(line), true, true, 0);
      screens.answer(Snapshot.Detail.of(before.job(), before.executions(), window));
      check(screens);
      check(screens.press("g"));
      check(screens.press("w").press(Named.PAGE_DOWN));
      screens.press("wG");
    }
  }

  private static void check(Screens screens) {
    for (AttributedString row : screens.frame(new Theme(true, false))) {
      assertThat(row.columnLength()).isLessThanOrEqualTo(80);
      row.toString()
          .codePoints()
          .forEach(c ->
              assertThat(Character.getType(c))
                  .as("U+%04X in %s", c, row)
                  .isNotIn(
                      (int) Character.CONTROL,
                      (int) Character.FORMAT,
                      (int) Character.SURROGATE,
                      (int) Character.LINE_SEPARATOR,
                      (int) Character.PARAGRAPH_SEPARATOR));
    }
  }

  @Test
  void aLongLineIsCutAndSaysHowMuchIsMissing() {
    LogLine line = RenderTest.line(1, LogLevel.INFO, LogCategory.AGENT, HOSTILE.getLast());
    assertThat(line.message()).hasSize(2);
    assertThat(line.message().getLast()).isEqualTo("(1,040,576 more characters)");
  }
}
