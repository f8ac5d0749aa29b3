package dev.aidp.cli.config;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.text.Durations;
import dev.aidp.worker.provider.CommandWords;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A mapping of a configuration file, whose complaints name file, line and key. A missing key, or
/// one without a value, says nothing.
final class YamlMapping {
  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private final String path;
  private final Map<String, Node> values;
  private final Map<String, Node> keyNodes;

  private YamlMapping(
      Path file, String path, Map<String, Node> values, Map<String, Node> keyNodes) {
    this.file = file;
    this.path = path;
    this.values = values;
    this.keyNodes = keyNodes;
  }

  static YamlMapping read(Path file) {
    Optional<Node> root;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new AidpException(
            ErrorCategory.USAGE, file + " is larger than 1 MiB", "Make it smaller");
      }
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      root = new Compose(settings).composeString(Files.readString(file));
    } catch (MarkedYamlEngineException e) {
      String place = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      throw new AidpException(
          ErrorCategory.USAGE,
          file + place + ": this is no YAML: " + e.getProblem(),
          "Correct the line",
          e);
    } catch (YamlEngineException e) {
      throw new AidpException(
          ErrorCategory.USAGE, file + ": this is no YAML: " + e.getMessage(), null, e);
    } catch (CharacterCodingException e) {
      throw new AidpException(
          ErrorCategory.USAGE, file + ": this is not UTF-8", "Save it as UTF-8", e);
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.USAGE,
          "Reading " + file + " failed: " + e.getMessage(),
          "Make it readable, or remove it",
          e);
    }
    YamlMapping empty = new YamlMapping(file, "", Map.of(), Map.of());
    return root.isEmpty() || isNull(root.get()) ? empty : empty.of(root.get(), "");
  }

  private YamlMapping of(Node node, String at) {
    if (!(node instanceof MappingNode mapping)) {
      throw bad(node, at, "is no mapping", "write it as `key: value` lines");
    }
    Map<String, Node> found = new LinkedHashMap<>();
    Map<String, Node> keys = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw bad(entry.getKeyNode(), at, "has a key that is no text", "write a plain word");
      }
      if (keys.put(key.getValue(), key) != null) {
        throw bad(key, join(at, key.getValue()), "is there twice", "keep one of them");
      }
      found.put(key.getValue(), entry.getValueNode());
    }
    return new YamlMapping(file, at, found, keys);
  }

  /// Refuses every key that is not listed.
  YamlMapping allow(List<String> known) {
    for (Map.Entry<String, Node> key : keyNodes.entrySet()) {
      if (!known.contains(key.getKey())) {
        throw new AidpException(
            ErrorCategory.USAGE,
            place(key.getValue()) + ": unknown key '" + join(path, key.getKey()) + "'",
            "Allowed here: " + String.join(", ", known));
      }
    }
    return this;
  }

  Set<String> keys() {
    return values.keySet();
  }

  boolean has(String key) {
    return node(key) != null;
  }

  /// An empty one where there is none.
  YamlMapping mapping(String key) {
    Node node = node(key);
    return node == null
        ? new YamlMapping(file, join(path, key), Map.of(), Map.of())
        : of(node, join(path, key));
  }

  @Nullable String text(String key) {
    Node node = node(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
      throw bad(node, join(path, key), "must be a text", "write one word or quoted text");
    }
    return scalar.getValue();
  }

  /// The error that says what is wrong with a key.
  AidpException refusal(String key, String what, String allowed) {
    return bad(keyNodes.get(key), join(path, key), what, allowed);
  }

  String requireText(String key) {
    String text = text(key);
    if (text == null) {
      Node at = keyNodes.getOrDefault(key, values.get(key));
      throw bad(at, join(path, key), "has no value", "write one, or remove the key");
    }
    return text;
  }

  List<String> texts(String key) {
    return placedTexts(key).stream().map(Placed::text).toList();
  }

  /// As [#requireText], with its place.
  Placed requirePlaced(String key) {
    String text = requireText(key);
    return placed(text, Objects.requireNonNull(values.get(key), key), key);
  }

  /// A list of texts, or one text, each with its place.
  List<Placed> placedTexts(String key) {
    Node node = node(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return List.of(placed(scalar.getValue(), node, key));
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw bad(node, join(path, key), "must be a list of texts", "write it like [one, two]");
    }
    List<Placed> texts = new ArrayList<>();
    for (Node element : sequence.getValue()) {
      if (!(element instanceof ScalarNode scalar) || isNull(element)) {
        throw bad(element, join(path, key), "must be a list of texts", "write it like [one, two]");
      }
      texts.add(placed(scalar.getValue(), element, key));
    }
    return texts;
  }

  /// As [#placedTexts], at least one.
  List<Placed> requirePlacedTexts(String key) {
    List<Placed> texts = placedTexts(key);
    if (texts.isEmpty()) {
      Node at = keyNodes.getOrDefault(key, values.get(key));
      throw bad(at, join(path, key), "has no value", "write it like [one, two]");
    }
    return texts;
  }

  private Placed placed(String text, Node node, String key) {
    int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    return new Placed(text, file, line, join(path, key));
  }

  /// A list, or a text that is split as a shell splits words.
  List<String> words(String key) {
    Node node = node(key);
    if (node instanceof ScalarNode scalar) {
      try {
        return CommandWords.split(scalar.getValue());
      } catch (IllegalArgumentException e) {
        throw bad(
            node,
            join(path, key),
            "is no command: " + e.getMessage(),
            "a program and its arguments");
      }
    }
    return texts(key);
  }

  /// All its keys as names of environment variables.
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : values.entrySet()) {
      Node key = keyNodes.getOrDefault(entry.getKey(), entry.getValue());
      if (!entry.getKey().matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw bad(
            key,
            join(path, entry.getKey()),
            "is no name of a variable",
            "use letters, digits and underscores");
      }
      if (!(entry.getValue() instanceof ScalarNode scalar)
          || scalar.getValue().indexOf('\0') >= 0) {
        throw bad(entry.getValue(), join(path, entry.getKey()), "must be a text", "quote it");
      }
      variables.put(entry.getKey(), isNull(scalar) ? "" : scalar.getValue());
    }
    return variables;
  }

  @Nullable Integer integer(String key, int least, int most) {
    Node node = node(key);
    if (node == null) {
      return null;
    }
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (text.matches("[0-9]{1,9}")) {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw bad(
        node, join(path, key), "must be a number from " + least + " to " + most, "write it like 3");
  }

  @Nullable BigDecimal amount(String key) {
    Node node = node(key);
    if (node == null) {
      return null;
    }
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      throw bad(node, join(path, key), "must be an amount in US dollars", "write it like 2.50");
    }
    return new BigDecimal(text);
  }

  @Nullable Duration duration(String key) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      Duration duration = Durations.parse(text);
      if (duration.isPositive()) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the place.
    }
    throw bad(
        node(key),
        join(path, key),
        "is '" + text + "', which is no duration above zero",
        "write it like 500ms, 30s or 1h30m");
  }

  @Nullable Permissions permissions(String key) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "read" -> Permissions.READ;
      case "edit" -> Permissions.EDIT;
      case "all" -> Permissions.ALL;
      default -> throw bad(node(key), join(path, key), "is '" + text + "'", "read, edit or all");
    };
  }

  /// @param allowed the words that it may be
  @Nullable String word(String key, List<String> allowed) {
    String text = text(key);
    if (text != null && !allowed.contains(text)) {
      throw bad(node(key), join(path, key), "is '" + text + "'", String.join(", ", allowed));
    }
    return text;
  }

  /// What is wrong with one of its keys.
  AidpException refused(String key, String what, String allowed) {
    return bad(keyNodes.get(key), join(path, key), what, allowed);
  }

  private @Nullable Node node(String key) {
    Node node = values.get(key);
    return node == null || isNull(node) ? null : node;
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String place(@Nullable Node node) {
    Optional<Mark> mark = node == null ? Optional.empty() : node.getStartMark();
    return file + mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
  }

  private AidpException bad(
      @Nullable Node node, String key, @Nullable String what, String allowed) {
    String subject = key.isEmpty() ? "the file" : "'" + key + "'";
    return new AidpException(
        ErrorCategory.USAGE, place(node) + ": " + subject + " " + what, "Allowed: " + allowed);
  }
}
