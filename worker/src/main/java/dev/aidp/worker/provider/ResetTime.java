package dev.aidp.worker.provider;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// When a usage limit ends, read from the words in which an agent CLI says that it was reached:
/// `resets 8pm (America/New_York)`, `resets Oct 3 at 2am`, `try again at 12:16 PM`, `will reset
/// after 2h13m45s`, `limit reached|1795305600`, `your monthly cycle ends on 12/17/2026`, a time as
/// RFC 3339 has it. Only for a text that is known to be about a limit: what an agent writes
/// otherwise may hold any time at all.
final class ResetTime {
  private static final int MAX_CHARS = 4000;

  /// How late a time of day may be to mean today still: it is said in whole minutes, and a while
  /// before it is read.
  private static final Duration JUST_PASSED = Duration.ofMinutes(2);

  private static final Pattern ANCHOR =
      Pattern.compile(
          "(?:\\breset(?:s|ting)?|\\btry(?:ing)? again|\\bretry(?:ing)?|\\bavailable(?: again)?|\\bwait|\\bcycle ends)"
              + "(?:\\s|[:·∙])*(?:(?:at|on|in|after|until|for|approximately|about)\\b(?:\\s|:)*){0,2}"
              + "|\\breached\\s*\\|\\s*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern RFC_3339 =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?) ?(Z|z|UTC|[+-]\\d\\d:?\\d\\d)");
  private static final Pattern US_DATE = Pattern.compile("(\\d{1,2})/(\\d{1,2})/(20\\d\\d)\\b");
  private static final Pattern EPOCH = Pattern.compile("\\d{13}\\b|\\d{10}\\b");
  private static final Pattern SPAN_PART =
      Pattern.compile(
          "(\\d{1,7}(?:\\.\\d{1,9})?)\\s?(ms|milliseconds?|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)"
              + "(?![a-z])(?:,?\\s?(?:and\\s)?)",
          Pattern.CASE_INSENSITIVE);
  private static final String CLOCK =
      "(?<hour>\\d{1,2})(?::(?<minute>\\d\\d)(?::\\d\\d)?)?\\s?(?<half>[ap]\\.?m\\b\\.?)?";
  private static final Pattern DAY_AND_CLOCK =
      Pattern.compile(
          "(?:(?<today>today|tomorrow)|(?<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
              + "|(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?\\s(?<day>\\d{1,2})(?:st|nd|rd|th)?"
              + "(?:,?\\s(?<year>20\\d\\d))?)?"
              + "(?:,?\\s?(?:at\\s)?"
              + CLOCK
              + ")?(?:\\s?\\(?(?<zone>UTC|GMT|[A-Za-z_]{2,20}/[A-Za-z_+-]{2,30}(?:/[A-Za-z_+-]{2,30})?)\\)?)?",
          Pattern.CASE_INSENSITIVE);

  private ResetTime() {}

  /// How long to wait.
  ///
  /// @param text about a limit that was reached
  /// @param zone of times that name none
  /// @return null if the text does not say, or names a time that has passed
  static @Nullable Duration untilReset(String text, Instant now, ZoneId zone) {
    Instant at = find(text, now, zone);
    return at == null || !at.isAfter(now) ? null : Duration.between(now, at);
  }

  /// As [#untilReset(String, Instant, ZoneId)], from now on, by this machine's zone.
  static @Nullable Duration untilReset(String text) {
    return untilReset(text, Instant.now(), ZoneId.systemDefault());
  }

  /// Seconds, or milliseconds where they can be nothing else.
  static Instant ofEpoch(long number) {
    return number > 100_000_000_000L ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number);
  }

  private static @Nullable Instant find(String text, Instant now, ZoneId zone) {
    String said = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
    Matcher anchor = ANCHOR.matcher(said);
    while (anchor.find()) {
      Instant at = timeAt(said, anchor.end(), now, zone);
      if (at != null) {
        return at;
      }
    }
    return null;
  }

  private static @Nullable Instant timeAt(String text, int from, Instant now, ZoneId zone) {
    try {
      Matcher rfc = at(RFC_3339, text, from);
      if (rfc.lookingAt()) {
        return instant(rfc);
      }
      Matcher date = at(US_DATE, text, from);
      if (date.lookingAt()) {
        return LocalDate.of(number(date, 3), number(date, 1), number(date, 2))
            .atStartOfDay(zone)
            .toInstant();
      }
      Matcher epoch = at(EPOCH, text, from);
      if (epoch.lookingAt()) {
        return ofEpoch(Long.parseLong(epoch.group()));
      }
      Duration span = span(text, from);
      if (span != null) {
        return now.plus(span);
      }
      Matcher day = at(DAY_AND_CLOCK, text, from);
      return day.lookingAt() ? next(day, now, zone) : null;
    } catch (DateTimeException _) {
      // There is no such time, such as 31 February.
      return null;
    }
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static Matcher at(Pattern pattern, String text, int from) {
    return pattern.matcher(text).region(from, text.length());
  }

  private static Instant instant(Matcher rfc) {
    String offset = rfc.group(3).toUpperCase(Locale.ROOT).replace("UTC", "Z");
    if (offset.length() == 5) {
      offset = offset.substring(0, 3) + ":" + offset.substring(3);
    }
    return OffsetDateTime.parse(rfc.group(1) + "T" + rfc.group(2) + offset).toInstant();
  }

  /// `2h13m45s`, `3 days 4 hours`, `36.4s`.
  private static @Nullable Duration span(String text, int from) {
    Matcher part = at(SPAN_PART, text, from);
    Duration sum = null;
    while (part.lookingAt()) {
      String unit = part.group(2).toLowerCase(Locale.ROOT);
      double millis =
          switch (unit.charAt(0)) {
            case 'd' -> 86_400_000;
            case 'h' -> 3_600_000;
            case 's' -> 1000;
            default -> unit.startsWith("mil") || unit.equals("ms") ? 1 : 60_000;
          };
      Duration one = Duration.ofMillis((long) (Double.parseDouble(part.group(1)) * millis));
      sum = sum == null ? one : sum.plus(one);
      part.region(part.end(), text.length());
    }
    return sum;
  }

  private static @Nullable Instant next(Matcher said, Instant now, ZoneId ownZone) {
    String zoneName = said.group("zone");
    ZoneId zone = zoneName == null ? ownZone : ZoneId.of(zoneName);
    boolean dated = said.group("month") != null;
    boolean named = dated || said.group("weekday") != null || said.group("today") != null;
    LocalTime time = clock(said);
    if (time == null) {
      if (!named || said.group("hour") != null) {
        return null;
      }
      time = LocalTime.MIDNIGHT;
    }
    LocalDate today = now.atZone(zone).toLocalDate();
    if (dated) {
      return date(said, time, now, zone);
    }
    String weekday = said.group("weekday");
    if (weekday != null) {
      LocalDate day = today.with(TemporalAdjusters.nextOrSame(weekday(weekday)));
      Instant at = after(day, time, zone, now);
      return at != null ? at : day.plusWeeks(1).atTime(time).atZone(zone).toInstant();
    }
    if ("tomorrow".equalsIgnoreCase(said.group("today"))) {
      return today.plusDays(1).atTime(time).atZone(zone).toInstant();
    }
    Instant at = after(today, time, zone, now);
    return at != null ? at : today.plusDays(1).atTime(time).atZone(zone).toInstant();
  }

  private static Instant date(Matcher said, LocalTime time, Instant now, ZoneId zone) {
    Month month = month(said.group("month"));
    int day = Integer.parseInt(said.group("day"));
    String year = said.group("year");
    if (year != null) {
      return LocalDate.of(Integer.parseInt(year), month, day).atTime(time).atZone(zone).toInstant();
    }
    LocalDate date = LocalDate.of(now.atZone(zone).getYear(), month, day);
    Instant at = after(date, time, zone, now);
    return at != null ? at : date.plusYears(1).atTime(time).atZone(zone).toInstant();
  }

  /// The time on that day, if it is still to come or has just passed. Where clocks are put back,
  /// the second of two such times may be.
  private static @Nullable Instant after(LocalDate day, LocalTime time, ZoneId zone, Instant now) {
    ZonedDateTime first = day.atTime(time).atZone(zone).withEarlierOffsetAtOverlap();
    for (ZonedDateTime each : new ZonedDateTime[] {first, first.withLaterOffsetAtOverlap()}) {
      Instant at = each.toInstant();
      if (at.isAfter(now)) {
        return at;
      }
      if (at.plus(JUST_PASSED).isAfter(now)) {
        return now.plusSeconds(60);
      }
    }
    return null;
  }

  /// Null for a number that is no time of day: one alone may be anything.
  private static @Nullable LocalTime clock(Matcher said) {
    String half = said.group("half");
    String minute = said.group("minute");
    if (said.group("hour") == null || (half == null && minute == null)) {
      return null;
    }
    int hour = Integer.parseInt(said.group("hour"));
    if (half != null) {
      if (hour < 1 || hour > 12) {
        return null;
      }
      hour = hour % 12 + (half.toLowerCase(Locale.ROOT).startsWith("p") ? 12 : 0);
    }
    return LocalTime.of(hour, minute == null ? 0 : Integer.parseInt(minute));
  }

  private static DayOfWeek weekday(String prefix) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().startsWith(prefix.toUpperCase(Locale.ROOT))) {
        return day;
      }
    }
    throw new DateTimeException(prefix);
  }

  private static Month month(String prefix) {
    for (Month month : Month.values()) {
      if (month.name().startsWith(prefix.toUpperCase(Locale.ROOT))) {
        return month;
      }
    }
    throw new DateTimeException(prefix);
  }
}
