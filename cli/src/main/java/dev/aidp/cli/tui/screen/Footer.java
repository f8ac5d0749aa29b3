package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings.Binding;
import dev.aidp.cli.tui.keys.Key;
import java.util.ArrayList;
import java.util.List;

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
    } else if (ui.overlay() instanceof Ui.Overlay.Input input) {
      InputLine.draw(canvas, row, input, ui, theme);
    } else if (notice.isEmpty()) {
      canvas.text(row, theme.cut(status, row.width()), theme.dim());
    } else if (CellText.width(status) + CellText.width(notice) + 2 <= row.width()) {
      canvas.text(row, status, theme.dim());
      canvas.textRight(row, notice, theme.title());
    } else if (longNotice(canvas, row, notice, hints, theme)) {
      return;
    }
    if (hints) {
      hints(canvas, ui, all.row(all.height() - 1).inset(1, 0), theme);
    }
  }

  /// One that leaves no room for the status: it goes on where the keys would be.
  ///
  /// @return whether it took their row
  private static boolean longNotice(
      Canvas canvas, Rect row, String notice, boolean twoRows, Theme theme) {
    List<String> pieces = CellText.wrap(notice, row.width());
    if (!twoRows || pieces.size() == 1) {
      canvas.text(row, theme.cut(notice, row.width()), theme.title());
      return false;
    }
    canvas.text(row, pieces.getFirst(), theme.title());
    String rest = String.join(" ", pieces.subList(1, pieces.size()));
    Rect next = new Rect(row.left(), row.top() + 1, row.width(), 1);
    canvas.text(next, theme.cut(rest, next.width()), theme.title());
    return true;
  }

  private static String notice(Ui ui) {
    String problem = ui.link().problem();
    return ui.notice().isEmpty() && problem != null ? problem : ui.notice();
  }

  /// Those that there is room for; help and the way out last and always.
  private static void hints(Canvas canvas, Ui ui, Rect row, Theme theme) {
    List<Binding<Action>> shown = new ArrayList<>();
    for (Binding<Action> binding : ui.top().bindings().all()) {
      if (!binding.hint().isEmpty()) {
        shown.add(binding);
      }
    }
    for (int i = shown.size() - 1; i >= 0 && width(shown, theme) > row.width(); i--) {
      if (!shown.get(i).vital()) {
        shown.remove(i);
      }
    }
    int column = row.left();
    for (Binding<Action> binding : shown) {
      column = canvas.text(row.top(), column, row.right(), key(binding, theme), theme.key());
      column = canvas.text(row.top(), column + 1, row.right(), binding.hint(), theme.plain()) + 2;
    }
  }

  private static int width(List<Binding<Action>> shown, Theme theme) {
    return shown.stream()
            .mapToInt(binding -> CellText.width(key(binding, theme) + binding.hint()) + 3)
            .sum()
        - 2;
  }

  private static String key(Binding<Action> binding, Theme theme) {
    Key first = binding.keys().getFirst();
    // The hint stands for its opposite, too.
    return first == Key.Named.DOWN ? theme.upAndDown() : first.label(theme.ascii());
  }
}
