package dev.aidp.core.yaml;

/// A place in a file, both counted from 1; the column in characters.
public record Position(int line, int column) {
  public static final Position START = new Position(1, 1);
}
