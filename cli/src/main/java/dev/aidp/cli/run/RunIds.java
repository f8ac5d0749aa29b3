package dev.aidp.cli.run;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.run.Run;
import dev.aidp.db.read.FindRuns;
import dev.aidp.db.read.ReadJobs.UuidRange;
import dev.aidp.db.read.ReadRuns;
import java.util.List;
import java.util.UUID;

/// Finds runs by what a user types.
public final class RunIds {
  private RunIds() {}

  /// @param word a run id, or the first 4 or more digits of one
  /// @throws Usage if it is none, or the beginning of several
  /// @throws AidpException (not found) if there is no such run
  public static UUID find(Session session, String word) {
    UuidRange range =
        UuidRange.ofPrefix(word)
            .orElseThrow(() ->
                new Usage(
                    "'" + word + "' is no run id", "Give at least its first 4 hexadecimal digits"));
    List<UUID> found = session.database().call(connection -> FindRuns.within(connection, range, 5));
    if (found.isEmpty()) {
      throw noSuchRun(word);
    }
    if (found.size() > 1) {
      throw new Usage(
          "'" + word + "' is the beginning of several runs",
          "Give more of it: " + String.join(", ", found.stream().map(UUID::toString).toList()));
    }
    return found.getFirst();
  }

  /// The run that a word means, a single job's too.
  public static Run read(Session session, String word) {
    UUID id = find(session, word);
    return session
        .database()
        .call(connection -> ReadRuns.byId(connection, id))
        .orElseThrow(() -> noSuchRun(word));
  }

  static AidpException noSuchRun(String word) {
    return new AidpException(
        ErrorCategory.NOT_FOUND, "There is no run " + word, "See `aidp runs list --all`");
  }
}
