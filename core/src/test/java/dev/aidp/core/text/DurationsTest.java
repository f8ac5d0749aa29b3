package dev.aidp.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "1h30m, PT1H30M",
    "5m, PT5M",
    "2d, PT48H",
    "1d2h3m4s5ms, PT26H3M4.005S",
    "90m, PT1H30M",
    "1m500ms, PT1M0.5S",
    "0s, PT0S",
    "' 10s ', PT10S",
    "999999999d, PT23999999976H",
  })
  void readsWhatPeopleType(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "30",
        "1.5h",
        "-5s",
        "5 s",
        "1m1h",
        "5s5s",
        "1w",
        "h",
        "9999999999s",
        "5S",
        "٣s"
      })
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "' is not a duration; write it like 500ms, 30s or 1h30m");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0ms",
    "PT-5S, 0ms",
    "PT0.4129S, 412ms",
    "PT0.9999S, 999ms",
    "PT1S, 1s",
    "PT59.999S, 59s",
    "PT1M, 1m00s",
    "PT2M14S, 2m14s",
    "PT59M59S, 59m59s",
    "PT1H5M59S, 1h05m",
    "PT23H59M, 23h59m",
    "PT76H, 3d04h",
  })
  void showsTheTwoLargestUnits(Duration duration, String expected) {
    assertThat(Durations.format(duration)).isEqualTo(expected);
  }
}
