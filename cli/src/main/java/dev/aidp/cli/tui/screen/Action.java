package dev.aidp.cli.tui.screen;

/// What a key does; each screen's [dev.aidp.cli.tui.keys.Bindings] say which.
enum Action {
  UP,
  DOWN,
  PAGE_UP,
  PAGE_DOWN,
  TOP,
  BOTTOM,
  OPEN_LOGS,
  OPEN_METADATA,
  RETRY,
  CANCEL,
  RESUME,
  TAB_LOGS,
  TAB_ATTEMPTS,
  TAB_TOOLS,
  TAB_METADATA,
  NEXT_TAB,
  FOLLOW,
  WRAP,
  HELP,
  REDRAW,
  SUSPEND,
  BACK,
  QUIT,
  LEAVE
}
