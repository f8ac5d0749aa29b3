package dev.aidp.cli.output;

import dev.aidp.core.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows for people, aligned below a header, or for programs: tab-separated, without a header. A
/// missing value is empty, and no value can break a line or a column.
public final class Table {
  private static final int GAP = 2;

  private final Console console;
  private final List<String> header;
  private final List<List<Cell>> rows = new ArrayList<>();

  public Table(Console console, String... header) {
    this.console = console;
    this.header = List.of(header);
  }

  private record Cell(String text, String painted) {}

  /// Fills one row, column by column.
  public static final class Row {
    private final List<Cell> cells = new ArrayList<>();

    private Row() {}

    public Row add(@Nullable Object value) {
      String text = value == null ? "" : SafeText.oneLine(value.toString());
      cells.add(new Cell(text, text));
      return this;
    }

    /// As [#add], shown as given; for text that holds colours.
    public Row add(String text, String painted) {
      cells.add(new Cell(text, painted));
      return this;
    }
  }

  public Row row() {
    Row row = new Row();
    rows.add(row.cells);
    return row;
  }

  public void print() {
    if (console.outIsTerminal()) {
      printAligned();
    } else {
      printTabbed();
    }
  }

  private void printTabbed() {
    for (List<Cell> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(i == 0 ? "" : "\t").append(row.get(i).painted());
      }
      console.out().println(line);
    }
  }

  private void printAligned() {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = header.get(i).length();
      for (List<Cell> row : rows) {
        String text = row.get(i).text();
        widths[i] = Math.max(widths[i], text.codePointCount(0, text.length()));
      }
    }
    printRow(header.stream().map(text -> new Cell(text, text)).toList(), widths);
    rows.forEach(row -> printRow(row, widths));
  }

  private void printRow(List<Cell> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      Cell cell = row.get(i);
      line.append(cell.painted());
      if (i < row.size() - 1) {
        int shown = cell.text().codePointCount(0, cell.text().length());
        line.repeat(' ', widths[i] - shown + GAP);
      }
    }
    console.out().println(line.toString().stripTrailing());
  }
}
