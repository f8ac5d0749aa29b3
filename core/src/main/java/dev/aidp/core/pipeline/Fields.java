package dev.aidp.core.pipeline;

import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Suggestion;
import dev.aidp.core.yaml.Position;
import dev.aidp.core.yaml.Problem;
import dev.aidp.core.yaml.YamlValue;
import dev.aidp.core.yaml.YamlValue.Entry;
import dev.aidp.core.yaml.YamlValue.Kind;
import dev.aidp.core.yaml.YamlValue.Mapping;
import dev.aidp.core.yaml.YamlValue.Scalar;
import dev.aidp.core.yaml.YamlValue.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The keys of a mapping, read as what they should be. What is not as it should be becomes a
/// problem and reads as null or empty, so that all problems of a file are found at once.
final class Fields {
  private final Mapping mapping;
  private final String owner;
  private final List<Problem> problems;

  private Fields(Mapping mapping, String owner, List<Problem> problems) {
    this.mapping = mapping;
    this.owner = owner;
    this.problems = problems;
  }

  /// @param owner whose keys they are, for messages
  /// @return null if it is no mapping
  static @Nullable Fields of(YamlValue value, String owner, List<Problem> problems) {
    if (value instanceof Mapping mapping) {
      return new Fields(mapping, owner, problems);
    }
    problems.add(
        new Problem(value.position(), owner + " must be a mapping", "write `key: value` lines"));
    return null;
  }

  /// The same, whose messages say which node it is.
  Fields ofNode() {
    Entry type = mapping.entries().get("type");
    Entry id = mapping.entries().get("id");
    String word = type != null && type.value() instanceof Scalar t ? t.text() : "";
    String article = word.equals("agent") || word.equals("approval") ? "an " : "a ";
    String kind = NodeKeys.types().contains(word) ? article + word : "a node";
    return id != null && id.value() instanceof Scalar i
        ? new Fields(mapping, kind + " ('" + shortened(i.text()) + "')", problems)
        : new Fields(mapping, kind, problems);
  }

  Position position() {
    return mapping.position();
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  void problem(Position position, String what, String remedy) {
    problems.add(new Problem(position, what, remedy));
  }

  /// Says of every other key that it is unknown.
  void allow(Collection<String> known) {
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            unknown(key, entry.key(), known);
          }
        });
  }

  private void unknown(String key, Position at, Collection<String> known) {
    List<String> owners = NodeKeys.ownersOf(key);
    String remedy =
        Suggestion.nearest(key, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse(
                owners.isEmpty() || owner.equals("the file")
                    ? "allowed here: " + String.join(", ", known)
                    : "only these have it: " + String.join(", ", owners));
    problem(at, "unknown key '" + SafeText.oneLine(key) + "' of " + owner, remedy);
  }

  /// @return null if there is no such key, or nothing behind it, which is a problem
  @Nullable YamlValue value(String key) {
    Entry entry = mapping.entries().get(key);
    if (entry == null) {
      return null;
    }
    if (entry.value() instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
      problem(entry.key(), "'" + key + "' has no value", "write one, or remove the key");
      return null;
    }
    return entry.value();
  }

  /// Numbers, `true` and the like are texts too, as they were written.
  @Nullable Scalar scalar(String key) {
    YamlValue value = value(key);
    if (value == null || (value instanceof Scalar scalar && !scalar.text().isBlank())) {
      return (Scalar) value;
    }
    if (value instanceof Scalar) {
      problem(value.position(), "'" + key + "' is empty", "write a text, or remove the key");
    } else {
      mustBe(value, key, "a text", "quote it if it has { or [");
    }
    return null;
  }

  @Nullable String text(String key) {
    Scalar scalar = scalar(key);
    return scalar == null ? null : scalar.text();
  }

  @Nullable Scalar required(String key, String remedy) {
    if (!has(key)) {
      problem(position(), owner + " needs '" + key + "'", remedy);
    }
    return scalar(key);
  }

  /// A text that names something: one line without control characters.
  @Nullable String line(String key) {
    Scalar scalar = scalar(key);
    if (scalar == null) {
      return null;
    }
    if (!SafeText.oneLine(scalar.text()).equals(scalar.text()) || scalar.text().length() > 200) {
      mustBe(scalar, key, "one line of at most 200 characters", "shorten it");
      return null;
    }
    return scalar.text();
  }

  List<Scalar> scalars(String key) {
    YamlValue value = value(key);
    if (value == null) {
      return List.of();
    }
    List<Scalar> scalars = new ArrayList<>();
    List<YamlValue> items = value instanceof Sequence list ? list.items() : List.of(value);
    for (YamlValue item : items) {
      if (value instanceof Sequence && item instanceof Scalar scalar && !scalar.text().isBlank()) {
        scalars.add(scalar);
      } else {
        mustBe(item, key, "a list of texts", "write it like [one, two]");
      }
    }
    return scalars;
  }

  List<String> texts(String key) {
    return scalars(key).stream().map(Scalar::text).toList();
  }

  @Nullable Integer integer(String key, int least, int most) {
    YamlValue value = value(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Scalar scalar && scalar.text().matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(scalar.text());
      if (number >= least && number <= most) {
        return number;
      }
    }
    mustBe(value, key, "a number from " + least + " to " + most, "write it like 3");
    return null;
  }

  @Nullable Duration duration(String key) {
    YamlValue value = value(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Scalar scalar) {
      try {
        Duration duration = Durations.parse(scalar.text());
        if (duration.isPositive()) {
          return duration;
        }
      } catch (IllegalArgumentException e) {
        // Said below, with the place.
      }
    }
    mustBe(value, key, "a duration above zero", "write it like 500ms, 30s or 1h30m");
    return null;
  }

  /// One of a few words.
  @Nullable String choice(String key, List<String> words) {
    YamlValue value = value(key);
    if (value == null || (value instanceof Scalar scalar && words.contains(scalar.text()))) {
      return value == null ? null : ((Scalar) value).text();
    }
    Optional<String> near =
        value instanceof Scalar scalar
            ? Suggestion.nearest(scalar.text(), words)
            : Optional.empty();
    mustBe(
        value,
        key,
        "one of " + String.join(", ", words),
        near.map(n -> "did you mean " + n + "?").orElse("write one of them"));
    return null;
  }

  Map<String, Scalar> variables(String key) {
    YamlValue value = value(key);
    Map<String, Scalar> variables = new LinkedHashMap<>();
    if (value instanceof Mapping values) {
      values.entries().forEach((name, entry) -> variable(key, name, entry, variables));
    } else if (value != null) {
      mustBe(value, key, "a mapping of names to texts", "write it like {NAME: value}");
    }
    return variables;
  }

  private void variable(String key, String name, Entry entry, Map<String, Scalar> variables) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      problem(
          entry.key(),
          "'" + SafeText.oneLine(name) + "' is no name of a variable",
          "use letters, digits and underscores");
    } else if (entry.value() instanceof Scalar scalar && scalar.text().indexOf('\0') < 0) {
      variables.put(name, scalar);
    } else {
      mustBe(entry.value(), key + "." + name, "a text", "quote it");
    }
  }

  void mustBe(YamlValue value, String key, String wanted, String remedy) {
    String is =
        switch (value) {
          case Mapping _ -> "a mapping";
          case Sequence _ -> "a list";
          case Scalar scalar -> "'" + shortened(scalar.text()) + "'";
        };
    problem(value.position(), "'" + key + "' must be " + wanted + ", not " + is, remedy);
  }

  private static String shortened(String text) {
    String line = SafeText.oneLine(text);
    return line.codePointCount(0, line.length()) <= 40
        ? line
        : line.substring(0, line.offsetByCodePoints(0, 40)) + "…";
  }
}
