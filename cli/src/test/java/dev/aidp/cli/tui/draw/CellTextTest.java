package dev.aidp.cli.tui.draw;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;

class CellTextTest {
  @Test
  void cutsWithinTheCellsThatThereAre() {
    assertThat(CellText.cut("plain", 5, "…")).isEqualTo("plain");
    assertThat(CellText.cut("plainer", 5, "…")).isEqualTo("plai…");
    assertThat(CellText.cut("日本語", 6, "…")).isEqualTo("日本語");
    assertThat(CellText.cut("日本語", 5, "…")).isEqualTo("日本…");
    assertThat(CellText.cut("日本語", 4, "…")).isEqualTo("日…");
    assertThat(CellText.cut("text", 0, "…")).isEmpty();
  }

  @Test
  void leavesNothingThatATerminalWouldObey() {
    assertThat(CellText.clean("a\033[31mred\007\u202Eevil\u200Bx\u0085\n\tb"))
        .isEqualTo("a␛[31mred␇\uFFFDevilx\uFFFD  b");
    assertThat(CellText.clean("⚠\uFE0F 👩\u200D💻")).isEqualTo("⚠ 👩💻");
    assertThat(CellText.cleanLines("a\tb\r\n\tc\n")).containsExactly("a   b", "    c");
  }

  @Test
  void wrapsAtSpacesAndElseAnywhere() {
    assertThat(CellText.wrap("one two three", 8)).containsExactly("one two", "three");
    assertThat(CellText.wrap("日本語日本語", 5)).containsExactly("日本", "語日", "本語");
    assertThat(CellText.wrap("", 5)).containsExactly("");
    assertThat(CellText.wrap("abcdefgh", 3)).containsExactly("abc", "def", "gh");
  }

  @Test
  void wideCharactersAreNeverHalfCovered() {
    Canvas canvas = new Canvas(new Size(7, 1), false);
    Rect row = new Rect(0, 0, 6, 1);
    canvas.text(row, "日本語", AttributedStyle.DEFAULT);
    canvas.text(0, 1, 6, "x", AttributedStyle.DEFAULT);
    canvas.text(0, 4, 6, "y", AttributedStyle.DEFAULT);
    assertThat(canvas.lines().getFirst().toString()).isEqualTo(" x本y");
  }

  @Test
  void asciiCanvasShowsNothingElse() {
    Canvas canvas = new Canvas(new Size(11, 1), true);
    canvas.text(new Rect(0, 0, 10, 1), "é日a", AttributedStyle.DEFAULT);
    assertThat(canvas.lines().getFirst().toString()).isEqualTo("???a");
  }
}
