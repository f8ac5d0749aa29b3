package dev.aidp.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
  private static final String SMILE = "\ud83d\ude00";

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "tab\tand\nline", "\u0001 is fine for a database", SMILE})
  void leavesWhatADatabaseTakes(String text) {
    assertThat(SafeText.storable(text)).isEqualTo(text);
  }

  @Test
  void replacesNulAndHalvesOfCharacters() {
    assertThat(SafeText.storable("a\0b")).isEqualTo("a\ufffdb");
    assertThat(SafeText.storable("\ud83d")).isEqualTo("\ufffd");
    assertThat(SafeText.storable("\ude00\ud83d")).isEqualTo("\ufffd\ufffd");
    assertThat(SafeText.storable("\ud83d" + SMILE + "\ude00"))
        .isEqualTo("\ufffd" + SMILE + "\ufffd");
    assertThat(SafeText.storable(SMILE + "\0")).isEqualTo(SMILE + "\ufffd");
  }

  @Test
  void replacesThemInJsonAlsoWhereTheyAreEscaped() {
    assertThat(SafeText.storableJson("{\"a\":\"x\\u0000y\"}")).isEqualTo("{\"a\":\"x\\ufffdy\"}");
    assertThat(SafeText.storableJson("\"\\uD83D\"")).isEqualTo("\"\\ufffd\"");
    assertThat(SafeText.storableJson("\"\\ude00\\ud83d\"")).isEqualTo("\"\\ufffd\\ufffd\"");
    assertThat(SafeText.storableJson("\"\\ud83d\\ud83d\\ude00\""))
        .isEqualTo("\"\\ufffd\\ud83d\\ude00\"");
    assertThat(SafeText.storableJson("\"a\0b\"")).isEqualTo("\"a\ufffdb\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "\"\\\\u0000\"",
        "\"\\\\\\\\u0000\"",
        "\"\\ud83d\\ude00\"",
        "\"\\u0041\\n\\\"\"",
        "\"\\uzzzz\"",
        "\"\\u00",
        "\\"
      })
  void leavesOtherJson(String json) {
    assertThat(SafeText.storableJson(json)).isEqualTo(json);
  }

  @Test
  void aLineHasNoControlCharacters() {
    assertThat(SafeText.oneLine("a\nb\tc\rd")).isEqualTo("a b c d");
    assertThat(SafeText.oneLine("\u001b[31mred\u0007\u007f\0")).isEqualTo("␛[31mred␇␡␀");
    assertThat(SafeText.oneLine("\u0085\u009b\u202e\u2066\u200e\u2028"))
        .isEqualTo("\ufffd".repeat(6));
    assertThat(SafeText.oneLine("\ud83dx" + SMILE)).isEqualTo("\ufffdx" + SMILE);
  }

  @Test
  void linesKeepTheirEndsAndTabs() {
    assertThat(SafeText.lines("a\n\tb\u001b")).isEqualTo("a\n\tb␛");
  }
}
