package dev.aidp.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretMaskTest {
  private static final String VALUE = "q7!Zp/\"+w3 K\\mVx9tR2";

  private static SecretMask knowing(String name, String value) {
    return SecretMask.of(Map.of(name, value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ANTHROPIC_API_KEY",
        "my_service_token",
        "CLIENT_SECRET",
        "PGPASSWORD",
        "DB_PASSWORD_OLD",
        "OPENAI_APIKEY",
        "NPM_AUTH",
        "GITHUB_PAT",
        "KEY"
      })
  void masksTheValuesOfVariablesThatHoldSecrets(String name) {
    assertThat(knowing(name, "hunter2hunter2").mask("a hunter2hunter2, and hunter2hunter2."))
        .isEqualTo("a ***, and ***.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PATH",
        "MAX_TOKENS",
        "SSH_KEY_FILE",
        "MONKEY",
        "PWD",
        "SECRET_URL",
        "TOKEN_COUNT"
      })
  void leavesTheValuesOfOtherVariables(String name) {
    String text = "a hunter2hunter2";
    assertThat(knowing(name, "hunter2hunter2").mask(text)).isSameAs(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"short7x", "postgres", "12345678", "production"})
  void leavesValuesThatAreNoSecret(String value) {
    String text = "is " + value + " here";
    assertThat(knowing("MY_PASSWORD", value).mask(text)).isSameAs(text);
  }

  @Test
  void masksOtherNotationsOfAValue() {
    SecretMask mask = knowing("MY_TOKEN", VALUE);
    String json = VALUE.replace("\\", "\\\\").replace("\"", "\\\"");
    assertThat(mask.mask("<" + VALUE + ">")).isEqualTo("<***>");
    assertThat(mask.mask("\"" + json + "\"")).isEqualTo("\"***\"");
    assertThat(mask.mask(json.replace("\\", "\\\\").replace("\"", "\\\""))).isEqualTo("***");
    assertThat(mask.mask(json.replace("/", "\\/"))).isEqualTo("***");
    String form = URLEncoder.encode(VALUE, StandardCharsets.UTF_8);
    assertThat(mask.mask("?t=" + form + "&b=1")).isEqualTo("?t=***&b=1");
    assertThat(mask.mask("?t=" + form.replace("+", "%20"))).isEqualTo("?t=***");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "user:", "{\"k\": \""})
  void masksAValueInsideBase64(String before) {
    byte[] bytes = (before + VALUE + "!").getBytes(StandardCharsets.UTF_8);
    SecretMask mask = knowing("MY_TOKEN", VALUE);
    assertThat(mask.mask(Base64.getEncoder().encodeToString(bytes))).contains("***");
    String masked = mask.mask(Base64.getUrlEncoder().encodeToString(bytes));
    assertThat(masked).contains("***").hasSizeLessThan(before.length() * 2 + 12);
  }

  @Test
  void masksWhatIsLeftOfAValueThatWasCut() {
    SecretMask mask = knowing("MY_TOKEN", "Zq8v-1Lk2-Xw9p-77Ty");
    assertThat(mask.mask("it is Zq8v-1Lk")).isEqualTo("it is ***");
    assertThat(mask.mask("it is Zq8v-1Lk [cut: 9 more characters]"))
        .isEqualTo("it is *** [cut: 9 more characters]");
    assertThat(mask.mask("it is Zq8v-1Lk…")).isEqualTo("it is ***…");
    assertThat(mask.mask("Xw9p-77Ty was it")).isEqualTo("*** was it");
    assertThat(mask.mask("Zq8v-1Lk2-X, half of it")).isEqualTo("***, half of it");
    assertThat(mask.mask("Zq8v-1Lk, less than half")).isEqualTo("Zq8v-1Lk, less than half");
  }

  @Test
  void masksThePasswordOfAUrlInAnyVariable() {
    SecretMask mask = knowing("DATABASE_URL", "postgresql://app:s3cr3t-pw@db.example:5432/x");
    assertThat(mask.mask("tried s3cr3t-pw for app at db.example"))
        .isEqualTo("tried *** for app at db.example");
  }

  @Test
  void masksEachLineOfAKeyInAVariable() {
    String line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
    SecretMask mask = knowing("APP_KEY", "-----BEGIN PRIVATE KEY-----\n" + line + "\n-----END");
    assertThat(mask.mask(line)).isEqualTo("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-ant-api03-AbCdEfGh_1234-xyz",
        "sk-proj-abcdefgh12345678",
        "sk-abcdefgh12345678",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
        "xoxb-123456789012-abcdef",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
      })
  void masksWhatLooksLikeAKey(String key) {
    SecretMask mask = SecretMask.SHAPES;
    assertThat(mask.mask(key)).isEqualTo("***");
    assertThat(mask.mask("KEY=" + key + ";")).isEqualTo("KEY=***;");
    assertThat(mask.mask("{\"a\":\"x\\n" + key + "\"}")).isEqualTo("{\"a\":\"x\\n***\"}");
    assertThat(mask.mask("q=%20" + key + "&")).isEqualTo("q=%20***&");
    assertThat(mask.mask(mask.mask("at " + key))).isEqualTo("at ***");
  }

  @Test
  void masksHeadersAndUrls() {
    SecretMask mask = SecretMask.SHAPES;
    assertThat(mask.mask("Authorization: Bearer abcdef")).isEqualTo("Authorization: Bearer ***");
    assertThat(mask.mask("{\"authorization\":\"bearer a.b-c/d\"}"))
        .isEqualTo("{\"authorization\":\"bearer ***\"}");
    assertThat(mask.mask("curl -H 'Bearer 12345678'")).isEqualTo("curl -H 'Bearer ***'");
    assertThat(mask.mask("Authorization: Basic dXNlcjpwYXNzd29yZA==;"))
        .isEqualTo("Authorization: Basic ***;");
    assertThat(mask.mask("with Basic dXNlcjpwYXNzd29yZA==")).isEqualTo("with Basic ***");
    assertThat(mask.mask("X-Api-Key: 0123abcd4567\r")).isEqualTo("X-Api-Key: ***\r");
    assertThat(mask.mask("postgresql://app:pw@db:5432/x and https://u:p@h/"))
        .isEqualTo("postgresql://app:***@db:5432/x and https://u:***@h/");
  }

  @Test
  void masksPrivateKeysWholeAndInPart() {
    SecretMask mask = SecretMask.SHAPES;
    String body = "MIIEvQIBADANBgkq/+w==";
    String pem = "-----BEGIN RSA PRIVATE KEY-----\n" + body + "\n-----END RSA PRIVATE KEY-----";
    assertThat(mask.mask("a (" + pem + ") b")).isEqualTo("a (***) b");
    assertThat(mask.mask("{\"k\":\"" + pem.replace("\n", "\\n") + "\"}"))
        .isEqualTo("{\"k\":\"***\"}");
    assertThat(mask.mask("{\"k\":\"-----BEGIN PRIVATE KEY-----\\n" + body + "\",\"n\":1}"))
        .isEqualTo("{\"k\":\"***\",\"n\":1}");
    assertThat(mask.mask("\"" + body + "\\n-----END PRIVATE KEY-----\"")).isEqualTo("\"***\"");
    String certificate = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----";
    assertThat(mask.mask(certificate)).isSameAs(certificate);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a task-management-system-for-everyone-1 is basic authentication by bearer tokens",
        "sk-button-primary-large",
        "see https://example.org:8080/a@b and ssh://git@host:22/repo",
        "3f0c9a52-8b1e-4c57-9d35-0a1b2c3d4e5f 1766666666666",
        "--------------------------------",
        "eyJ eyJhbGciOi no token",
        "✔ naïve 💚 日本語 text"
      })
  void leavesOtherTextAsItIs(String text) {
    assertThat(SecretMask.SHAPES.mask(text)).isSameAs(text);
  }

  @Test
  void takesTextsOfAnyLength() {
    SecretMask mask = knowing("MY_TOKEN", VALUE);
    for (String text : new String[] {"", "s", "sk", "sk-", "://", "bea", "---", "q7!"}) {
      assertThat(mask.mask(text)).isSameAs(text);
    }
  }

  /// Quadratic work on any of these would not end within the test's life.
  @Test
  void isLinearForHostileText() {
    SecretMask mask = knowing("MY_TOKEN", "aaaaaaaaaaaaaaaaaaaaab1");
    for (String piece :
        new String[] {
          "sk-",
          "eyJ",
          "eyJhbGciOi.",
          "-----BEGIN ",
          "-----END PRIVATE KEY",
          "://a:",
          "aaaa",
          "-----BEGIN PRIVATE KEY-----a",
          "Bearer ",
          "\\nsk-",
          "x-api-key:",
          "Basic aaaaaaaa"
        }) {
      char[] many = piece.repeat(8_000_000 / piece.length()).toCharArray();
      assertThat(mask.mask(new String(many))).isNotEmpty();
      Arrays.fill(many, ' ');
    }
  }
}
