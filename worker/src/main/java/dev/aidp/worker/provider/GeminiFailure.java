package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Why a call of Gemini CLI failed. It wraps what the API says in words of its own, and ends with
/// the lower byte of the HTTP status as its exit code.
///
/// @param error one line for the user
/// @param retryAfter as long as the API asks to wait; null if it did not say
record GeminiFailure(ErrorClass errorClass, String error, @Nullable Duration retryAfter) {
  /// A wait that is longer is a usage limit, whatever it is called.
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

  private static final Pattern WRAPPED =
      Pattern.compile("\\[API Error: (.*?)\\](?:\\n.*)?", Pattern.DOTALL);
  private static final Pattern STATUS = Pattern.compile("^\\s*(?:status|code): (\\d{3})\\b");
  private static final Pattern DELAY = Pattern.compile("^\\s*retryDelayMs: (\\d{1,12})\\b");
  private static final Pattern LIMIT =
      Pattern.compile(
          "usage limit|(?:daily|current) quota|exhausted your .{0,40}(?:quota|capacity)"
              + "|quota exceeded|TerminalQuotaError",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern REFUSAL =
      Pattern.compile("blocked due to|prohibited content|recitation", Pattern.CASE_INSENSITIVE);
  private static final Pattern SETTINGS =
      Pattern.compile(
          "unknown argument|invalid values|not running in a trusted", Pattern.CASE_INSENSITIVE);
  private static final Pattern NETWORK =
      Pattern.compile(
          "terminated|fetch failed|socket|connect|timed? ?out|econn|enotfound|overloaded"
              + "|in JSON at|JSON segment|stream ended|invalid stream",
          Pattern.CASE_INSENSITIVE);

  /// @param exitCode of the process
  /// @param said its own words, as it gave them
  /// @param stderr its first and last lines
  static GeminiFailure of(int exitCode, String said, List<String> stderr) {
    Matcher wrapped = WRAPPED.matcher(said);
    String text = wrapped.matches() ? wrapped.group(1) : said;
    JsonNode error = JsonStream.parsed(text);
    error = error == null ? null : error.path("error");
    int status = error == null ? 0 : error.path("code").asInt(0);
    if (error != null && error.path("message").isString()) {
      text = error.path("message").asString() + (status == 0 ? "" : " (" + status + ")");
    }
    if (status == 0) {
      status = exitCode == 1 ? lastStatus(stderr) : ofExit(exitCode);
    }
    Duration delay = delay(stderr);
    ErrorClass errorClass = errorClass(exitCode, status, text, delay);
    if (delay == null && errorClass == ErrorClass.USAGE_LIMIT) {
      delay = ResetTime.untilReset(text);
    }
    boolean waits = errorClass == ErrorClass.USAGE_LIMIT || errorClass == ErrorClass.TRANSIENT;
    return new GeminiFailure(errorClass, RawText.line(text), waits ? delay : null);
  }

  private static ErrorClass errorClass(
      int exitCode, int status, String text, @Nullable Duration delay) {
    ErrorClass own = ofOwnCode(exitCode);
    if (own != null) {
      return own;
    }
    if (REFUSAL.matcher(text).find()) {
      return ErrorClass.REFUSED;
    }
    if (isLimit(status, text, delay)) {
      return ErrorClass.USAGE_LIMIT;
    }
    ErrorClass byStatus = HttpErrors.ofStatus(status);
    if (byStatus != null) {
      return byStatus;
    }
    if (SETTINGS.matcher(text).find()) {
      return ErrorClass.CONFIG;
    }
    return NETWORK.matcher(text).find() ? ErrorClass.TRANSIENT : ErrorClass.UNKNOWN;
  }

  /// Whether a wait is a usage limit's.
  static boolean isLimit(Duration wait) {
    return wait.compareTo(LONGEST_BACKOFF) > 0;
  }

  private static boolean isLimit(int status, String text, @Nullable Duration delay) {
    if (delay != null && (status == 429 || LIMIT.matcher(text).find())) {
      return isLimit(delay);
    }
    return LIMIT.matcher(text).find();
  }

  /// The codes that it documents.
  private static @Nullable ErrorClass ofOwnCode(int exitCode) {
    return switch (exitCode) {
      case 41 -> ErrorClass.AUTH;
      case 42 -> ErrorClass.INVALID_REQUEST;
      case 44, 52, 55 -> ErrorClass.CONFIG;
      case 53 -> ErrorClass.MAX_TURNS;
      default -> null;
    };
  }

  private static int ofExit(int exitCode) {
    return IntStream.of(400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504)
        .filter(status -> (status & 0xff) == exitCode)
        .findFirst()
        .orElse(0);
  }

  private static int lastStatus(List<String> stderr) {
    return stderr.reversed().stream()
        .map(STATUS::matcher)
        .filter(Matcher::find)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
        .findFirst()
        .orElse(0);
  }

  private static @Nullable Duration delay(List<String> stderr) {
    return stderr.reversed().stream()
        .map(DELAY::matcher)
        .filter(Matcher::find)
        .map(matcher -> Duration.ofMillis(Long.parseLong(matcher.group(1))))
        .findFirst()
        .orElse(null);
  }
}
