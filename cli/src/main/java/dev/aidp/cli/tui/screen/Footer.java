package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings.Binding;

/// The last rows: a status line with the latest notice or question, and the keys.
final class Footer {
  private Footer() {}

  /// @param hints whether there is a row for the keys
  static void status(Canvas canvas, Ui ui, String status, boolean hints, Theme theme) {
    Rect all = Rect.of(canvas.size());
    Rect row = all.row(all.height() - (hints ? 2 : 1)).inset(1, 0);
    String notice = notice(ui);
    if (ui.overlay() instanceof Ui.Overlay.Confirm confirm) {
      canvas.text(row, theme.cut(confirm.question(), row.width()), theme.selected());
    } else if (notice.isEmpty()) {
      canvas.text(row, theme.cut(status, row.width()), theme.dim());
    } else if (CellText.width(status) + CellText.width(notice) + 2 <= row.width()) {
      canvas.text(row, status, theme.dim());
      canvas.textRight(row, notice, theme.title());
    } else {
      canvas.text(row, theme.cut(notice, row.width()), theme.title());
    }
    if (hints) {
      hints(canvas, ui, all.row(all.height() - 1).inset(1, 0), theme);
    }
  }

  private static String notice(Ui ui) {
    String problem = ui.link().problem();
    return ui.notice().isEmpty() && problem != null ? problem : ui.notice();
  }

  private static void hints(Canvas canvas, Ui ui, Rect row, Theme theme) {
    int column = row.left();
    for (Binding<Action> binding : ui.top().bindings().all()) {
      String key = binding.keys().getFirst().label(theme.ascii());
      int width = CellText.width(key) + 1 + CellText.width(binding.hint());
      if (!binding.hint().isEmpty() && column + width <= row.right()) {
        column = canvas.text(row.top(), column, row.right(), key, theme.key());
        column = canvas.text(row.top(), column + 1, row.right(), binding.hint(), theme.plain()) + 2;
      }
    }
  }
}
