package dev.aidp.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-21T19:42:10Z, 2026-11-21T19:42:10.000Z",
    "2026-11-21T19:42:10.123999Z, 2026-11-21T19:42:10.123Z",
    "1970-01-01T00:00:00.001Z, 1970-01-01T00:00:00.001Z",
  })
  void areUtcWithMilliseconds(Instant instant, String expected) {
    assertThat(Timestamps.format(instant)).isEqualTo(expected);
  }
}
