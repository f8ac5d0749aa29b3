package dev.aidp.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/// How one value is written in other notations.
final class ValueForms {
  private static final int LEAST_BASE64 = 10;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private ValueForms() {}

  /// Itself first.
  static Set<String> of(String value) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(value);
    String json = jsonEscaped(value);
    forms.add(json);
    forms.add(json.replace("/", "\\/"));
    // JSON inside a string of JSON, as in a raw line of an agent that quotes a file.
    forms.add(jsonEscaped(json));
    addUrlEncoded(forms, value);
    addBase64(forms, value);
    return forms;
  }

  private static String jsonEscaped(String value) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  private static void addUrlEncoded(Set<String> forms, String value) {
    String path = urlEncoded(value, "-._~");
    forms.add(path);
    // As HTML forms have it; and some encoders write their digits small, or know `~` not.
    forms.add(urlEncoded(value, "-._*").replace("%20", "+"));
    forms.add(urlEncoded(value, "-._"));
    forms.add(lowerCaseEscapes(path));
  }

  /// @param plain what is left as it is, beside letters and digits
  private static String urlEncoded(String value, String plain) {
    StringBuilder out = new StringBuilder(value.length());
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      boolean kept =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || plain.indexOf(b) >= 0;
      out.append(kept ? String.valueOf((char) b) : "%" + HEX.toHexDigits(b));
    }
    return out.toString();
  }

  private static String lowerCaseEscapes(String encoded) {
    StringBuilder out = new StringBuilder(encoded);
    for (int i = out.indexOf("%"); i >= 0 && i + 2 < out.length(); i = out.indexOf("%", i + 3)) {
      out.replace(i + 1, i + 3, out.substring(i + 1, i + 3).toLowerCase(Locale.ROOT));
    }
    return out.toString();
  }

  /// Base64 of a text that has the value in it looks different for each of three alignments. What
  /// the neighbours have a part in is left out.
  private static void addBase64(Set<String> forms, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      int own = (before * 8 + 5) / 6;
      int whole = shifted.length * 8 / 6;
      if (whole - own >= LEAST_BASE64) {
        String form = encoded.substring(own, whole);
        forms.add(form);
        forms.add(form.replace('+', '-').replace('/', '_'));
      }
    }
  }
}
