package dev.aidp.cli.job;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// A text with fields before it, as in
///
/// ```
/// ---
/// provider: claude
/// status: active
/// ---
/// The text.
/// ```
///
/// @param fields by their names in lower case; empty if the text begins without a `---`
/// @param body the text behind them
record FrontMatter(Map<String, String> fields, String body) {
  FrontMatter {
    fields = Map.copyOf(fields);
  }

  static FrontMatter of(String text) {
    String[] lines = text.split("\\R", -1);
    if (!lines[0].strip().equals("---")) {
      return new FrontMatter(Map.of(), text);
    }
    Map<String, String> fields = new HashMap<>();
    StringBuilder body = new StringBuilder();
    boolean inside = true;
    for (int i = 1; i < lines.length; i++) {
      if (inside && lines[i].strip().equals("---")) {
        inside = false;
      } else if (inside) {
        int colon = lines[i].indexOf(':');
        if (colon > 0) {
          fields.put(
              lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
              lines[i].substring(colon + 1).strip());
        }
      } else {
        body.append(lines[i]).append('\n');
      }
    }
    // Without an end it is no front matter.
    return inside
        ? new FrontMatter(Map.of(), text)
        : new FrontMatter(fields, body.toString().strip());
  }
}
