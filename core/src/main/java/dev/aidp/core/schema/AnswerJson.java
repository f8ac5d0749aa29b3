package dev.aidp.core.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Finds JSON in what a model says, which likes to put it in fences and prose.
final class AnswerJson {
  /// Each try may read to the end of a long text.
  private static final int MAX_TRIES = 200;

  private static final Pattern FENCE =
      Pattern.compile(
          "^[ \\t]*(```+|~~~+)[^\\n]*\\n(.*?)^[ \\t]*\\1[ \\t]*$",
          Pattern.MULTILINE | Pattern.DOTALL);
  private static final ObjectReader WHOLE =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();
  private static final ObjectReader BEGINNING =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();

  private AnswerJson() {}

  /// The likeliest first: the whole text, fenced blocks from the last, then objects and lists in
  /// the prose from the last.
  static List<JsonNode> candidates(String answer) {
    JsonNode whole = whole(answer);
    if (whole != null) {
      return List.of(whole);
    }
    List<JsonNode> fenced = new ArrayList<>();
    Matcher fences = FENCE.matcher(answer);
    while (fences.find()) {
      JsonNode block = whole(fences.group(2));
      if (block != null) {
        fenced.add(block);
      }
    }
    List<JsonNode> candidates = new ArrayList<>(fenced.reversed());
    candidates.addAll(inProse(answer).reversed());
    return candidates;
  }

  private static @Nullable JsonNode whole(String text) {
    String json = text.strip();
    if (json.isEmpty()) {
      return null;
    }
    try {
      return WHOLE.readTree(json);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static List<JsonNode> inProse(String text) {
    List<JsonNode> found = new ArrayList<>();
    int at = next(text, 0);
    for (int tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
      int end = at + 1;
      try (JsonParser parser = BEGINNING.createParser(text.substring(at))) {
        found.add(BEGINNING.readTree(parser));
        end = at + Math.max(1, Math.toIntExact(parser.currentLocation().getCharOffset()));
      } catch (JacksonException e) {
        // No JSON begins here.
      }
      at = next(text, end);
    }
    return found;
  }

  private static int next(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '{' || text.charAt(i) == '[') {
        return i;
      }
    }
    return -1;
  }
}
