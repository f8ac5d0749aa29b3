package dev.aidp.core.secret;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Which variables of an environment hold a secret, and which part of their value it is.
final class SecretVariables {
  private static final int LEAST = 8;
  private static final int LEAST_PLAIN = 12;
  private static final int LEAST_LINE = 16;
  private static final int MOST = 16 << 10;

  private static final Pattern NAME =
      Pattern.compile(
          ".*(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|APIKEY).*|(.*_)?(KEY|PASS|PAT|AUTH|CREDENTIALS?)");

  /// Where something is, not what it is.
  private static final Pattern PLACE =
      Pattern.compile(".*_(FILE|PATH|DIR|HOME|URL|URI|ENDPOINT|ID|SOCK|NAME|TYPE|COUNT)|.*TOKENS");

  private SecretVariables() {}

  /// The values worth masking.
  static Set<String> values(Map<String, String> environment) {
    Set<String> values = new LinkedHashSet<>();
    environment.forEach((name, value) -> {
      addPassword(values, value);
      String upper = name.toUpperCase(Locale.ROOT);
      if (NAME.matcher(upper).matches() && !PLACE.matcher(upper).matches()) {
        add(values, value.strip());
      }
    });
    return values;
  }

  /// The password of a URL, whatever the variable is called.
  private static void addPassword(Set<String> values, String value) {
    int scheme = value.indexOf("://");
    if (scheme > 0) {
      SecretMask.Span password = KeyShapes.passwordOfUrl(value, scheme);
      if (password != null && isTelling(value.substring(password.from(), password.to()))) {
        values.add(value.substring(password.from(), password.to()));
      }
    }
  }

  private static void add(Set<String> values, String value) {
    if (isTelling(value) && value.length() <= MOST) {
      values.add(value);
    }
    if (value.indexOf('\n') > 0) {
      // A key of several lines is logged line by line.
      value
          .lines()
          .map(String::strip)
          .filter(line -> line.length() >= LEAST_LINE && !line.startsWith("-----"))
          .forEach(values::add);
    }
  }

  /// Not a switch, a number or a common word: those would be masked wherever somebody says them.
  private static boolean isTelling(String value) {
    if (value.length() < LEAST || value.equals(SecretMask.MASKED)) {
      return false;
    }
    boolean plain =
        value.chars().allMatch(c -> c >= 'a' && c <= 'z')
            || value.chars().allMatch(c -> c >= '0' && c <= '9');
    return !plain || value.length() >= LEAST_PLAIN;
  }
}
