package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why a call of Cursor's agent failed, which it says on stderr, in words or by the codes of
/// Connect.
///
/// @param error one line for the user
/// @param retryAfter until its usage limit ends; null if it did not say
record CursorFailure(ErrorClass errorClass, String error, @Nullable Duration retryAfter) {
  /// The first that is found counts.
  private static final Map<Pattern, ErrorClass> SIGNS = new LinkedHashMap<>();

  static {
    sign(
        "hit your .{0,40}limit|usage limit|spend limit|out of .{0,20}requests",
        ErrorClass.USAGE_LIMIT);
    sign(
        "authentication required|not logged in|agent login|\\[unauthenticated\\]"
            + "|\\[permission_denied\\]|api key.{0,40}invalid|invalid.{0,20}api key",
        ErrorClass.AUTH);
    sign("unknown option|missing argument|workspace trust|--trust", ErrorClass.CONFIG);
    sign(
        "cannot use this model|available models|\\[invalid_argument\\]|\\[not_found\\]"
            + "|too long|context window",
        ErrorClass.INVALID_REQUEST);
    sign(
        "\\[(?:unavailable|internal|deadline_exceeded|aborted|resource_exhausted|unknown)\\]"
            + "|connect|network|econn|enotfound|socket|timed? ?out|overloaded|rate limit|stream",
        ErrorClass.TRANSIENT);
  }

  private static void sign(String pattern, ErrorClass errorClass) {
    SIGNS.put(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), errorClass);
  }

  /// @param error its own words, as a user shall see them
  /// @param all that it said
  static CursorFailure of(String error, String all) {
    ErrorClass errorClass =
        SIGNS.entrySet().stream()
            .filter(sign -> sign.getKey().matcher(all).find())
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(ErrorClass.UNKNOWN);
    Duration wait = errorClass == ErrorClass.USAGE_LIMIT ? ResetTime.untilReset(all) : null;
    return new CursorFailure(errorClass, RawText.line(error), wait);
  }
}
