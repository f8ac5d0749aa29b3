package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Want.Order;
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
    Order order = list.query().order();
    JobList.Place place = list.place();
    int selected = indexOf(rows, place.selected(), order);
    int top = indexOf(rows, place.top(), order);
    int first =
        order == Order.NEWEST_FIRST
            ? indexOf(rows, Math.max(place.newestSeen(), place.top()), order)
            : 0;
    if (top + capacity > rows.size()) {
      top = Math.min(top, Math.max(first, rows.size() - capacity));
    }
    top = Math.min(top, selected);
    top = Math.max(top, selected - capacity + 1);
    return new Viewport(top, selected, capacity);
  }

  private static int indexOf(List<JobRow> rows, long id, Order order) {
    int low = 0;
    int high = rows.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (order.isAbove(rows.get(middle).id(), id)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
