package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why a call of Claude Code failed, read from all that it said about it.
///
/// @param error one line for the user
/// @param retryAfter until its usage limit ends; null if it did not say
record ClaudeFailure(ErrorClass errorClass, String error, @Nullable Duration retryAfter) {

  /// What was said.
  ///
  /// @param subtype of the result, empty if there was none
  /// @param stopReason of the result
  /// @param status HTTP status, 0 if none was given
  /// @param lastError `error` of the last assistant message, empty if it had none
  /// @param refused whether the model declined
  /// @param limitReached whether a usage limit was said to reject requests
  /// @param limitResetsAt when that limit ends
  /// @param text the error in words
  record Signs(
      String subtype,
      String stopReason,
      int status,
      String lastError,
      boolean refused,
      boolean limitReached,
      @Nullable Instant limitResetsAt,
      String text) {}

  private static final Pattern LIMIT =
      Pattern.compile(
          "usage limit|(?:hit|reached) your [a-z0-9 -]{0,40}limit|limit reached\\s*[|·∙]"
              + "|exceeded your current quota|out of (?:extra )?usage|credit balance is too low",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NETWORK =
      Pattern.compile(
          "unable to connect|connection|econn|etimedout|enotfound|fetch failed|socket|timed out"
              + "|overloaded|malformed|failed to parse|internal server error|stream",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SETTINGS =
      Pattern.compile(
          "unknown option|cannot be used with root|missing required argument|invalid settings"
              + "|cannot find module|command not found|option '.*' argument",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_LOGIN =
      Pattern.compile(
          "invalid api key|please run /login|not logged in|failed to authenticate|oauth token",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BAD_REQUEST =
      Pattern.compile(
          "prompt is too long|issue with the selected model|already in use",
          Pattern.CASE_INSENSITIVE);

  static ClaudeFailure of(Signs signs, Instant now) {
    ErrorClass errorClass = errorClass(signs);
    Duration wait = errorClass == ErrorClass.USAGE_LIMIT ? untilReset(signs, now) : null;
    return new ClaudeFailure(errorClass, RawText.line(signs.text()), wait);
  }

  private static ErrorClass errorClass(Signs signs) {
    if (signs.subtype().equals("error_max_turns")
        || signs.lastError().equals("max_output_tokens")) {
      return ErrorClass.MAX_TURNS;
    }
    if (signs.subtype().equals("error_max_budget_usd")) {
      return ErrorClass.BUDGET;
    }
    if (signs.refused() || signs.stopReason().equals("refusal")) {
      return ErrorClass.REFUSED;
    }
    if (signs.limitReached()
        || signs.lastError().equals("billing_error")
        || LIMIT.matcher(signs.text()).find()) {
      return ErrorClass.USAGE_LIMIT;
    }
    ErrorClass byStatus = HttpErrors.ofStatus(signs.status());
    if (byStatus != null) {
      return byStatus;
    }
    return switch (signs.lastError().toLowerCase(Locale.ROOT)) {
      case "authentication_failed", "oauth_org_not_allowed" -> ErrorClass.AUTH;
      case "invalid_request", "model_not_found" -> ErrorClass.INVALID_REQUEST;
      case "rate_limit", "overloaded", "server_error" -> ErrorClass.TRANSIENT;
      default -> byText(signs.text());
    };
  }

  private static ErrorClass byText(String text) {
    if (NO_LOGIN.matcher(text).find()) {
      return ErrorClass.AUTH;
    }
    if (BAD_REQUEST.matcher(text).find()) {
      return ErrorClass.INVALID_REQUEST;
    }
    if (SETTINGS.matcher(text).find()) {
      return ErrorClass.CONFIG;
    }
    return NETWORK.matcher(text).find() ? ErrorClass.TRANSIENT : ErrorClass.UNKNOWN;
  }

  private static @Nullable Duration untilReset(Signs signs, Instant now) {
    Instant resetsAt = signs.limitResetsAt();
    if (resetsAt != null && resetsAt.isAfter(now)) {
      return Duration.between(now, resetsAt);
    }
    return ResetTime.untilReset(signs.text(), now, ZoneId.systemDefault());
  }
}
