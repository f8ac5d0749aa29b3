package dev.aidp.core.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of a YAML file. The same value may stand at several places, where the file has aliases.
public sealed interface YamlValue {
  /// Where it begins.
  Position position();

  /// @param entries in the order of the file
  record Mapping(Position position, Map<String, Entry> entries) implements YamlValue {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }

  /// What a key of a mapping stands for.
  ///
  /// @param key where the key begins
  record Entry(Position key, YamlValue value) {}

  record Sequence(Position position, List<YamlValue> items) implements YamlValue {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /// @param text without quotes, escapes and indentation
  /// @param source as it stands in the file
  record Scalar(Position position, Kind kind, String text, String source) implements YamlValue {

    /// Where the n-th `mark` of the text stands in the file; where that can't be told, the scalar's
    /// beginning.
    ///
    /// @param n counted from 0
    public Position of(String mark, int n) {
      int at = -1;
      for (int i = 0; i <= n; i++) {
        at = source.indexOf(mark, at + 1);
        if (at < 0) {
          return position;
        }
      }
      int lineStart = source.lastIndexOf('\n', at) + 1;
      int column = source.codePointCount(lineStart, at) + 1;
      int lines = Math.toIntExact(source.substring(0, at).chars().filter(c -> c == '\n').count());
      return lines == 0
          ? new Position(position.line(), position.column() + column - 1)
          : new Position(position.line() + lines, column);
    }
  }

  /// What YAML's core schema makes of a scalar.
  enum Kind {
    TEXT,
    INTEGER,
    NUMBER,
    BOOLEAN,
    NULL
  }
}
