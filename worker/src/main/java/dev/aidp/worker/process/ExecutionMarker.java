package dev.aidp.worker.process;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What every process of one execution carries in its environment, so that it is found wherever it
/// went: `AIDP_EXECUTION=<database id>:<execution>:<token>`. The database id keeps apart the
/// execution ids of two databases on one host, the token two leases of one execution.
///
/// @param databaseId letters, digits, `_` and `-` (a UUID)
/// @param execution the execution's id
/// @param token the lease token; letters, digits, `_` and `-`
public record ExecutionMarker(String databaseId, long execution, String token) {
  /// The name of the environment variable.
  public static final String VARIABLE = "AIDP_EXECUTION";

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_-]{1,64}):(-?[0-9]{1,18}):([A-Za-z0-9_-]{1,64})");

  /// Checks the parts.
  ///
  /// @throws IllegalArgumentException if a part holds another character or is empty or over 64 long
  public ExecutionMarker {
    if (!FORM.matcher(form(databaseId, execution, token)).matches()) {
      throw new IllegalArgumentException(
          "No execution marker: " + form(databaseId, execution, token));
    }
  }

  /// The marker in a value of the variable; empty where it is anything else.
  public static Optional<ExecutionMarker> parse(String value) {
    Matcher matcher = FORM.matcher(value);
    return matcher.matches()
        ? Optional.of(
            new ExecutionMarker(
                matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
        : Optional.empty();
  }

  /// The variable's value.
  public String value() {
    return form(databaseId, execution, token);
  }

  private static String form(String databaseId, long execution, String token) {
    return databaseId + ":" + execution + ":" + token;
  }
}
