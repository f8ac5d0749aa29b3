package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Why a call of Codex failed, which it says in words only.
///
/// @param error one line for the user
/// @param retryAfter until its usage limit ends; null if it did not say
record CodexFailure(ErrorClass errorClass, String error, @Nullable Duration retryAfter) {
  private static final Pattern STATUS = Pattern.compile("\\bstatus:? (\\d{3})\\b");
  private static final Pattern LIMIT =
      Pattern.compile("usage limit|quota exceeded|insufficient_quota", Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_LOGIN =
      Pattern.compile(
          "missing environment variable|not logged in|log in|sign in|refresh token|api key",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BAD_REQUEST =
      Pattern.compile(
          "context window|invalid_request_error|^model: |model .{0,80}(?:not found|not exist|not"
              + " supported)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SETTINGS =
      Pattern.compile(
          "unexpected argument|invalid value|unknown feature|config\\.toml|loading config"
              + "|trusted directory",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NETWORK =
      Pattern.compile(
          "stream disconnected|connection|network|at capacity|high demand|timeout|timed out"
              + "|error sending request|overloaded|server error",
          Pattern.CASE_INSENSITIVE);

  /// @param said its own words, as it gave them
  static CodexFailure of(String said) {
    JsonNode json = said.startsWith("{") ? JsonStream.parsed(said) : null;
    JsonNode message = json == null ? null : json.path("error").path("message");
    String text = message != null && message.isString() ? message.asString() : said;
    ErrorClass errorClass = errorClass(said);
    Duration wait = errorClass == ErrorClass.USAGE_LIMIT ? ResetTime.untilReset(text) : null;
    return new CodexFailure(errorClass, RawText.line(text), wait);
  }

  private static ErrorClass errorClass(String said) {
    if (said.contains("max_output_tokens")) {
      return ErrorClass.MAX_TURNS;
    }
    if (said.contains("content_filter")) {
      return ErrorClass.REFUSED;
    }
    if (LIMIT.matcher(said).find()) {
      return ErrorClass.USAGE_LIMIT;
    }
    Matcher status = STATUS.matcher(said);
    ErrorClass byStatus =
        status.find() ? HttpErrors.ofStatus(Integer.parseInt(status.group(1))) : null;
    if (byStatus != null) {
      return byStatus;
    }
    if (BAD_REQUEST.matcher(said).find()) {
      return ErrorClass.INVALID_REQUEST;
    }
    if (SETTINGS.matcher(said).find()) {
      return ErrorClass.CONFIG;
    }
    if (NETWORK.matcher(said).find()) {
      return ErrorClass.TRANSIENT;
    }
    return NO_LOGIN.matcher(said).find() ? ErrorClass.AUTH : ErrorClass.UNKNOWN;
  }
}
