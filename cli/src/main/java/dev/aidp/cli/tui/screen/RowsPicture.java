package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Line;
import java.util.List;

/// What a [RowsScreen] shows.
///
/// @param words of the header
/// @param title over the rows
/// @param empty what is said where there are no rows
record RowsPicture(String crumb, List<Line.Span> words, Line title, List<Line> rows, String empty) {
  RowsPicture {
    words = List.copyOf(words);
    rows = List.copyOf(rows);
  }
}
