package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import java.util.List;

/// Which of the loaded rows are visible.
///
/// @param top index of the first visible row
/// @param selected index; -1 without rows
/// @param capacity how many rows are visible at once
record Viewport(int top, int selected, int capacity) {

  /// Rows that are gone are replaced by the next older one. Rows newer than those that the user was
  /// shown are not pulled in just because there is room.
  static Viewport of(JobList list, int capacity) {
    List<JobRow> rows = list.rows();
    if (rows.isEmpty()) {
      return new Viewport(0, -1, capacity);
    }
    int selected = indexOf(rows, list.selected());
    int top = indexOf(rows, list.top());
    int newestShown = indexOf(rows, Math.max(list.newestSeen(), list.top()));
    if (top + capacity > rows.size()) {
      top = Math.min(top, Math.max(newestShown, rows.size() - capacity));
    }
    top = Math.min(top, selected);
    top = Math.max(top, selected - capacity + 1);
    return new Viewport(top, selected, capacity);
  }

  private static int indexOf(List<JobRow> rows, long id) {
    int low = 0;
    int high = rows.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (rows.get(middle).id() <= id) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
