package dev.aidp.cli.tui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Key.Named;
import dev.aidp.cli.tui.screen.Screens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

/// What real screens write to a terminal.
class ScreenBytesTest {
  private static final Theme THEME = new Theme(true, false);
  private static final int MOST_BYTES_PER_MOVE = 300;
  private static final int MOST_ROWS = 50;

  @Test
  void aCursorMoveWritesFewBytesAndNothingIsClearedAfterTheFirstFrame() throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    LineDisciplineTerminal terminal =
        new LineDisciplineTerminal("test", "xterm-256color", written, StandardCharsets.UTF_8);
    terminal.setSize(Size.of(80, 24));
    Screens screens = new Screens(80, 24).answer(Screens.completed(100));
    try (TerminalSession session = TerminalSession.on(terminal)) {
      session.draw(screens.frame(THEME), session.size());
      written.reset();
      for (int i = 0; i < MOST_ROWS; i++) {
        screens.press(i % 7 == 6 ? "k" : "j");
        session.draw(screens.frame(THEME), session.size());
        // Until the page scrolls only two rows and the footer change.
        if (i < 15) {
          assertThat(written.size()).as("move %d", i).isLessThanOrEqualTo(MOST_BYTES_PER_MOVE);
        }
        assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain("\033[2J", "\033[J");
        written.reset();
        screens.answer(Screens.completed(100));
        session.draw(screens.frame(THEME), session.size());
        written.reset();
      }
      session.draw(screens.frame(THEME), session.size());
      assertThat(written.size()).as("an unchanged frame").isZero();
    }
  }

  @Test
  void linesAndCornersNeedNoAlternateCharacterSet() throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    LineDisciplineTerminal terminal =
        new LineDisciplineTerminal("test", "screen-256color", written, StandardCharsets.UTF_8);
    terminal.setSize(Size.of(80, 24));
    try (TerminalSession session = TerminalSession.on(terminal)) {
      Canvas canvas = new Canvas(session.size(), false);
      canvas.text(Rect.of(session.size()), "├─ └─ │ ┌┬┐ ┼ ┤┴┘", THEME.plain());
      session.draw(canvas.lines(), session.size());
    }
    assertThat(written.toString(StandardCharsets.UTF_8))
        .contains("┣━ ┗━ ┃ ┏┳┓ ╋ ┫┻┛")
        .doesNotContain("\016");
  }

  @Test
  void whateverHappensTheTerminalShowsTheFrameThatWasMeant() {
    Random random = new Random(11);
    List<String> keys = List.of("j", "k", "G", "g", " ", "s", "?", ":", "/", "1", "4", "q1", "x");
    VirtualScreen terminal = new VirtualScreen(80, 24);
    Screens screens = new Screens(80, 24);
    try (TerminalSession session = TerminalSession.on(terminal.terminal())) {
      for (int i = 0; i < 600; i++) {
        switch (random.nextInt(6)) {
          case 0 -> {
            int width = 10 + random.nextInt(150);
            int height = 3 + random.nextInt(50);
            terminal.resize(width, height);
            screens.resize(width, height);
          }
          case 1, 2 -> screens.answer(Screens.completed(random.nextInt(200)));
          case 3 -> screens.press(Named.ESCAPE);
          default -> screens.press(keys.get(random.nextInt(keys.size())));
        }
        List<AttributedString> frame = screens.frame(THEME);
        session.draw(frame, screens.size());
        assertThat(terminal.rows())
            .as("frame %d at %s", i, screens.size())
            .isEqualTo(frame.stream().map(line -> line.toString().stripTrailing()).toList());
      }
    }
  }
}
