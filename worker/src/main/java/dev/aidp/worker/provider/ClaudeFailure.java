package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
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
  private static final Pattern RESET_EPOCH = Pattern.compile("\\|\\s*(\\d{9,13})\\b");
  private static final Pattern RESET_CLOCK =
      Pattern.compile(
          "resets (?:at )?(\\d{1,2})(?::(\\d{2}))?\\s*([ap]m)?(?:\\s*\\(([A-Za-z_]+(?:/[A-Za-z_+-]+)*)\\))?",
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
    if (resetsAt == null) {
      resetsAt = resetInText(signs.text(), now);
    }
    return resetsAt == null || !resetsAt.isAfter(now) ? null : Duration.between(now, resetsAt);
  }

  private static @Nullable Instant resetInText(String text, Instant now) {
    Matcher epoch = RESET_EPOCH.matcher(text);
    if (epoch.find()) {
      return ofEpoch(Long.parseLong(epoch.group(1)));
    }
    Matcher clock = RESET_CLOCK.matcher(text);
    return clock.find() ? nextTime(clock, now) : null;
  }

  /// Seconds, or milliseconds where they can be nothing else.
  static Instant ofEpoch(long number) {
    return number > 100_000_000_000L ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number);
  }

  /// `8pm (America/New_York)`: the next time that it is so late there.
  private static @Nullable Instant nextTime(Matcher clock, Instant now) {
    try {
      int hour = Integer.parseInt(clock.group(1));
      String half = clock.group(3);
      if (half != null) {
        hour = hour % 12 + (half.equalsIgnoreCase("pm") ? 12 : 0);
      }
      int minute = clock.group(2) == null ? 0 : Integer.parseInt(clock.group(2));
      ZoneId zone = clock.group(4) == null ? ZoneId.systemDefault() : ZoneId.of(clock.group(4));
      ZonedDateTime here = now.atZone(zone);
      ZonedDateTime reset = here.with(LocalTime.of(hour, minute));
      return (reset.isAfter(here) ? reset : reset.plusDays(1)).toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }
}
