package dev.aidp.core.pipeline;

import java.util.Set;
import java.util.regex.Pattern;

/// How nodes may be called.
public final class NodeIds {
  /// Names that templates have for something else.
  public static final Set<String> RESERVED = Set.of("prompt", "changed_files", "item");

  private static final Pattern SYNTAX = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

  private NodeIds() {}

  static boolean isWellFormed(String id) {
    return SYNTAX.matcher(id).matches();
  }

  public static boolean isValid(String id) {
    return isWellFormed(id) && !RESERVED.contains(id);
  }
}
