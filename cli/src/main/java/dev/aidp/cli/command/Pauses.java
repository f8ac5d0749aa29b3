package dev.aidp.cli.command;

import dev.aidp.cli.output.Json;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.read.ListPauses.Pause;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/// How the providers that are at their usage limit are shown.
final class Pauses {
  private Pauses() {}

  static ArrayNode json(List<Pause> pauses) {
    ArrayNode array = Json.array();
    for (Pause pause : pauses) {
      array.add(
          Json.object()
              .put("provider", pause.provider())
              .put("host", pause.host())
              .put("since", Timestamps.format(pause.since()))
              .put("until", Timestamps.format(pause.until()))
              .put("probeJobId", pause.probeJobId())
              .put("error", pause.error()));
    }
    return array;
  }

  /// One line.
  static String text(Pause pause) {
    String where = SafeText.oneLine(pause.provider() + " on " + pause.host());
    if (pause.left().isPositive()) {
      return where + ": usage limit, until " + Timestamps.format(pause.until());
    }
    return where
        + ": usage limit, "
        + (pause.probeJobId() == null ? "one job" : "job " + pause.probeJobId())
        + " goes first to see whether it has ended";
  }
}
