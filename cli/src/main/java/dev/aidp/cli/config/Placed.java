package dev.aidp.cli.config;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.nio.file.Path;

/// A text of a configuration file, and where it stands: for what only its reader can check.
///
/// @param key as in `workflow.steps`
/// @param line from 1
public record Placed(String text, Path file, int line, String key) {

  /// The complaint that this text is wrong.
  ///
  /// @param what follows the text in the message
  /// @param remedy what to write instead
  public AidpException wrong(String what, String remedy) {
    return new AidpException(
        ErrorCategory.USAGE, "%s:%d: '%s': '%s' %s".formatted(file, line, key, text, what), remedy);
  }
}
