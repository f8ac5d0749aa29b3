package dev.aidp.cli.tui.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// A grid of cells that one frame is drawn on. Text outside of it is cut off, later text covers
/// earlier. For one thread.
///
/// The last column stays blank: terminals disagree on where the cursor is once it was written, the
/// more so with wide characters, and JLine's `Display` then leaves cells as they were.
public final class Canvas {
  private static final String BLANK = " ";

  /// Right half of a wide character.
  private static final String HALF = "";

  /// A cell's character with all that combines with it; hostile text stacks hundreds.
  private static final int MAX_CELL_LENGTH = 8;

  private final Size size;
  private final boolean ascii;
  private final String[][] cells;
  private final AttributedStyle[][] styles;

  /// @param ascii whether everything else is shown as `?`
  public Canvas(Size size, boolean ascii) {
    this.size = size;
    this.ascii = ascii;
    cells = new String[size.height()][size.width()];
    styles = new AttributedStyle[size.height()][size.width()];
    for (int row = 0; row < size.height(); row++) {
      Arrays.fill(cells[row], BLANK);
      Arrays.fill(styles[row], AttributedStyle.DEFAULT);
    }
  }

  public Size size() {
    return size;
  }

  /// Draws from the left edge of a rectangle's first row; what does not fit is cut off.
  ///
  /// @return the column behind the text
  public int text(Rect place, String text, AttributedStyle style) {
    if (place.height() == 0) {
      return place.left();
    }
    return text(place.top(), place.left(), place.right(), text, style);
  }

  /// As [#text(Rect, String, AttributedStyle)], ending at the right edge.
  public void textRight(Rect place, String text, AttributedStyle style) {
    int width = Math.min(place.width(), CellText.width(text));
    text(new Rect(place.right() - width, place.top(), width, place.height()), text, style);
  }

  /// @param end the first column that is not drawn on
  /// @return the column behind the text
  public int text(int row, int column, int end, String text, AttributedStyle style) {
    int at = column;
    int last = Math.min(end, size.width() - 1);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int width = CellText.width(c);
      if (at + width > last) {
        break;
      }
      if (ascii && c > 0x7E) {
        // As wide as it would be, or columns would not line up.
        for (int k = 0; k < width; k++) {
          at = put(row, at, "?", 1, style);
        }
      } else if (width == 0) {
        combine(row, at - 1, c);
      } else {
        at = put(row, at, Character.toString(BoxDrawing.heavy(c)), width, style);
      }
    }
    return at;
  }

  private int put(int row, int column, String cell, int width, AttributedStyle style) {
    if (row >= 0 && row < size.height() && column >= 0) {
      for (int i = 0; i < width; i++) {
        clearOtherHalf(row, column + i);
        cells[row][column + i] = i == 0 ? cell : HALF;
        styles[row][column + i] = style;
      }
    }
    return column + width;
  }

  private void clearOtherHalf(int row, int column) {
    if (cells[row][column].equals(HALF)) {
      cells[row][column - 1] = BLANK;
    }
    if (column + 1 < size.width() && cells[row][column + 1].equals(HALF)) {
      cells[row][column + 1] = BLANK;
    }
  }

  private void combine(int row, int column, int codePoint) {
    if (row < 0 || row >= size.height() || column < 0) {
      return;
    }
    int base = cells[row][column].equals(HALF) ? column - 1 : column;
    if (cells[row][base].length() < MAX_CELL_LENGTH) {
      cells[row][base] += Character.toString(codePoint);
    }
  }

  /// Blanks a rectangle.
  public void clear(Rect place, AttributedStyle style) {
    for (int row = place.top(); row < Math.min(place.bottom(), size.height()); row++) {
      text(row, place.left(), place.right(), BLANK.repeat(place.width()), style);
    }
  }

  /// Gives a rectangle another style, keeping its text.
  public void restyle(Rect place, AttributedStyle style) {
    for (int row = place.top(); row < Math.min(place.bottom(), size.height()); row++) {
      Arrays.fill(styles[row], place.left(), Math.min(place.right(), size.width()), style);
    }
  }

  /// The frame, a line per row, without trailing blanks.
  public List<AttributedString> lines() {
    List<AttributedString> lines = new ArrayList<>();
    for (int row = 0; row < size.height(); row++) {
      AttributedStringBuilder line = new AttributedStringBuilder(size.width());
      int end = end(row);
      for (int column = 0; column < end; column++) {
        line.append(cells[row][column], styles[row][column]);
      }
      lines.add(line.toAttributedString());
    }
    return List.copyOf(lines);
  }

  private int end(int row) {
    int end = size.width();
    while (end > 0
        && cells[row][end - 1].equals(BLANK)
        && styles[row][end - 1].equals(AttributedStyle.DEFAULT)) {
      end--;
    }
    return end;
  }
}
