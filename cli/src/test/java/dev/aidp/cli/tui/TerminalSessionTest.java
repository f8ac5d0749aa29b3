package dev.aidp.cli.tui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;

class TerminalSessionTest {
  private static final List<String> WORDS =
      List.of("running", "日本語", "✔ completed", "żółw", "😀😀", "⟳", "plain text", "x", "한국어 텍스트");

  @Test
  void showsTheFrameThatWasMeantAfterAnyUpdatesAndResizes() {
    Random random = new Random(7);
    VirtualScreen screen = new VirtualScreen(80, 24);
    try (TerminalSession session = TerminalSession.on(screen.terminal())) {
      List<AttributedString> before = List.of();
      for (int i = 0; i < 1500; i++) {
        if (random.nextInt(8) == 0) {
          screen.resize(20 + random.nextInt(120), 5 + random.nextInt(40));
          before = List.of();
        }
        Size size = session.size();
        List<AttributedString> frame = frame(random, size, before);
        session.draw(frame, size);
        before = frame;
        assertThat(screen.rows())
            .as("frame %d at %s", i, size)
            .isEqualTo(frame.stream().map(line -> line.toString().stripTrailing()).toList());
      }
    }
  }

  private static List<AttributedString> frame(
      Random random, Size size, List<AttributedString> before) {
    boolean scrolled = random.nextBoolean() && before.size() == size.height();
    Canvas canvas = new Canvas(size, false);
    int rows = random.nextInt(size.height() + 1);
    for (int i = 0; i < rows; i++) {
      AttributedStyle style =
          random.nextBoolean() ? AttributedStyle.DEFAULT : AttributedStyle.INVERSE;
      Rect place = Rect.of(size).row(random.nextInt(size.height()));
      StringBuilder text = new StringBuilder(" ".repeat(random.nextInt(size.width())));
      for (int words = random.nextInt(12); words > 0; words--) {
        text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
      }
      canvas.text(place, text.toString(), style);
    }
    if (!scrolled) {
      return canvas.lines();
    }
    List<AttributedString> lines = new ArrayList<>(before);
    lines.add(lines.removeFirst());
    return lines;
  }

  @Test
  void writesNothingWhenNothingChanged() {
    VirtualScreen screen = new VirtualScreen(40, 12);
    try (TerminalSession session = TerminalSession.on(screen.terminal())) {
      Size size = session.size();
      Canvas canvas = new Canvas(size, false);
      canvas.text(Rect.of(size), "hello", AttributedStyle.DEFAULT);
      session.draw(canvas.lines(), size);
      screen.terminal().writer().print("\033[1;1Hscribbled");
      screen.terminal().flush();
      session.draw(canvas.lines(), size);
      assertThat(screen.rows()).first().isEqualTo("scribbled");
      session.forget();
      session.draw(canvas.lines(), size);
      assertThat(screen.rows()).first().isEqualTo("hello");
    }
  }

  @Test
  void givesTheTerminalBackAsItWas() {
    VirtualScreen screen = new VirtualScreen(40, 12);
    screen.terminal().writer().print("before");
    screen.terminal().flush();
    try (TerminalSession session = TerminalSession.on(screen.terminal())) {
      Size size = session.size();
      Canvas canvas = new Canvas(size, false);
      canvas.text(Rect.of(size), "table", AttributedStyle.DEFAULT);
      session.draw(canvas.lines(), size);
      assertThat(screen.rows()).first().isEqualTo("table");
    }
    assertThat(screen.rows()).first().isEqualTo("before");
  }
}
