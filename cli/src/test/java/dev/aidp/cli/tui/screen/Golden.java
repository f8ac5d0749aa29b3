package dev.aidp.cli.tui.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whole screens in files, `src/test/resources/screens`. With `-Daidp.regenerate=true` they are
/// written anew, to be looked at before they are committed.
final class Golden {
  private static final Path DIRECTORY = Path.of("src/test/resources/screens");

  private Golden() {}

  static void check(String name, String shown) {
    Path file = DIRECTORY.resolve(name + ".txt");
    try {
      if (Boolean.getBoolean("aidp.regenerate")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, shown);
      }
      assertThat(shown).as("screen %s", name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
