package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResetTimeTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /// A Saturday, 13:00 in Berlin, 07:00 in New York.
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static @Nullable Instant reset(String text, Instant now) {
    Duration wait = ResetTime.untilReset(text, now, BERLIN);
    return wait == null ? null : now.plus(wait);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "You've hit your session limit · resets 8pm (America/New_York); 2026-11-22T01:00:00Z",
        "You've hit your session limit · resets 3:30am (Europe/Berlin); 2026-11-22T02:30:00Z",
        "You've hit your weekly limit ∙ resets Oct 3 at 2am; 2027-10-03T00:00:00Z",
        "You've hit your weekly limit · resets Nov 28, 2am (America/New_York); 2026-11-28T07:00:00Z",
        "weekly limit reached · resets Mon 9:00 AM; 2026-11-23T08:00:00Z",
        "limit reached. Resets Saturday at 12:30; 2026-11-28T11:30:00Z",
        "limit reached, resets tomorrow at 7am UTC; 2026-11-22T07:00:00Z",
        "limit reached, resets Dec 1; 2026-11-30T23:00:00Z",
        "Claude AI usage limit reached|1795305600; 2026-11-22T00:00:00Z",
        "Claude AI usage limit reached|1795305600000; 2026-11-22T00:00:00Z",
        "You've hit your usage limit. Upgrade to Pro or try again at 2:16 PM.; 2026-11-21T13:16:00Z",
        "You've hit your usage limit. Try again at 12:16 p.m.; 2026-11-22T11:16:00Z",
        "usage limit, try again at Nov 23rd, 2026 2:05 AM.; 2026-11-23T01:05:00Z",
        "Try again in 3 days 4 hours 5 minutes.; 2026-11-24T16:05:00Z",
        "usage limit reached, try again in 2h 30m; 2026-11-21T14:30:00Z",
        "Your quota will reset after 2h13m45s.; 2026-11-21T14:13:45Z",
        "Please retry in 36.5s; 2026-11-21T12:00:36.500Z",
        "please try again in 20 minutes and 5 seconds; 2026-11-21T12:20:05Z",
        "quota exceeded, resets at 2026-11-21T18:30:00Z; 2026-11-21T18:30:00Z",
        "quota exceeded, resets on 2026-11-21 18:30 UTC; 2026-11-21T18:30:00Z",
        "quota exceeded, resets: 2026-11-21T18:30:00.5+01:00; 2026-11-21T17:30:00.500Z",
        "try again later. Your limit resets at 21:00; 2026-11-21T20:00:00Z",
        "Your usage limits will reset when your monthly cycle ends on 12/17/2026.*; 2026-12-16T23:00:00Z",
        "resets 12am; 2026-11-21T23:00:00Z",
        "resets 12pm; 2026-11-22T11:00:00Z",
      })
  void readsWhenALimitEnds(String text, Instant resetsAt) {
    assertThat(reset(text, NOW)).isEqualTo(resetsAt);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Usage limit reached; try again later",
        "Rate limited (no retry-after)",
        "resets",
        "resets 8",
        "resets 25:00",
        "resets 13pm",
        "resets 0am",
        "resets Feb 31 at 2am",
        "resets on 17/12/2026",
        "resets 8pm (Mars/Olympus)",
        "resets 2020-01-01T00:00:00Z",
        "limit reached|1000000000",
        "resets 2026-13-45T99:99:99Z",
        "the meeting is at 8pm and the build takes 2h 30m",
        "I will preset 8pm as the default",
        "resets Nov 20, 2026 2am",
      })
  void readsNothingWhereThereIsNoTimeToCome(String text) {
    assertThat(reset(text, NOW)).isNull();
  }

  @Test
  void aTimeThatHasPassedTodayIsTomorrows() {
    assertThat(reset("resets 12:30 (Europe/Berlin)", NOW))
        .isEqualTo(Instant.parse("2026-11-22T11:30:00Z"));
  }

  @Test
  void aTimeThatHasOnlyJustPassedIsNotTomorrows() {
    assertThat(reset("try again at 1:00 PM", NOW)).isEqualTo(NOW.plusSeconds(60));
    assertThat(reset("try again at 1:00 PM", NOW.plusSeconds(90))).isEqualTo(NOW.plusSeconds(150));
    assertThat(reset("try again at 1:00 PM", NOW.plusSeconds(121)))
        .isEqualTo(Instant.parse("2026-11-22T12:00:00Z"));
  }

  @Test
  void clocksThatArePutForwardOrBackAreMinded() {
    // 2:30 does not exist in Berlin on 28 March 2027: it is 3:30 there when it would be.
    assertThat(reset("resets 2:30am", Instant.parse("2027-03-28T00:00:00Z")))
        .isEqualTo(Instant.parse("2027-03-28T01:30:00Z"));
    // And is there twice on 31 October: the first has passed by more than a moment.
    assertThat(reset("resets 2:30am", Instant.parse("2027-10-31T00:45:00Z")))
        .isEqualTo(Instant.parse("2027-10-31T01:30:00Z"));
    // Twelve hours on the clock, thirteen in between.
    assertThat(reset("resets 8am", Instant.parse("2027-10-30T18:00:00Z")))
        .isEqualTo(Instant.parse("2027-10-31T07:00:00Z"));
  }

  @Test
  void codexAndGeminiSayItInTheirWords() {
    CodexFailure codex =
        CodexFailure.of("You've hit your usage limit. Upgrade to Pro or try again in 2h 30m.");
    assertThat(codex.errorClass()).isEqualTo(ErrorClass.USAGE_LIMIT);
    assertThat(codex.retryAfter()).isEqualTo(Duration.ofMinutes(150));
    GeminiFailure gemini =
        GeminiFailure.of(
            173,
            "[API Error: You have exhausted your capacity on this model. Your quota will reset after"
                + " 2h13m45s.]",
            List.of());
    assertThat(gemini.errorClass()).isEqualTo(ErrorClass.USAGE_LIMIT);
    assertThat(gemini.retryAfter()).isEqualTo(Duration.ofSeconds(8025));
  }

  @Test
  void hostileTextIsReadQuicklyAndHarmlessly() {
    StringBuilder text = new StringBuilder();
    String[] parts = {
      "resets ", "try again in ", "at ", "9", ":", " ", "pm", "Oct ", "h ", "(", "|", "/", "\0", "é"
    };
    for (int i = 0; i < 200_000; i++) {
      text.append(parts[ThreadLocalRandom.current().nextInt(parts.length)]);
    }
    assertThat(ResetTime.untilReset(text.toString())).isNotEqualTo(Duration.ZERO);
    assertThat(reset("resets in 9999999d 9999999d", NOW)).isAfter(NOW);
    assertThat(reset("resets 9999999999999", NOW)).isAfter(NOW);
  }
}
