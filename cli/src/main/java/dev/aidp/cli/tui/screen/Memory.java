package dev.aidp.cli.tui.screen;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is kept from one screen to the next.
///
/// @param mouse whether the mouse is used
/// @param bell whether the end of a job is announced
/// @param typed the lines of each prompt, the latest last
record Memory(boolean mouse, boolean bell, Map<Prompt, List<String>> typed) {
  static final Memory NONE = new Memory(false, false, Map.of());

  private static final int MOST = 100;

  Memory {
    typed = Map.copyOf(typed);
  }

  Memory withMouse(boolean on) {
    return new Memory(on, bell, typed);
  }

  Memory withBell(boolean on) {
    return new Memory(mouse, on, typed);
  }

  List<String> lines(Prompt prompt) {
    return typed.getOrDefault(prompt, List.of());
  }

  /// With a line that was typed; a repeated one moves to the end.
  Memory with(Prompt prompt, String line) {
    if (line.isBlank()) {
      return this;
    }
    List<String> lines = new ArrayList<>(lines(prompt));
    lines.remove(line);
    lines.add(line);
    Map<Prompt, List<String>> next = new EnumMap<>(Prompt.class);
    next.putAll(typed);
    next.put(prompt, List.copyOf(lines.subList(Math.max(0, lines.size() - MOST), lines.size())));
    return new Memory(mouse, bell, next);
  }
}
