package dev.aidp.cli.workflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A template that a project brings with it.
///
/// @param file absolute
record TemplateFile(Path file, String text) {
  private static final int MAX_BYTES = 256 * 1024;

  /// @throws IllegalArgumentException saying why it can't be used, as in "does not exist"
  static TemplateFile read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(Files.exists(file) ? "is no file" : "does not exist");
    }
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException("is larger than 256 KiB");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.isBlank()) {
        throw new IllegalArgumentException("is empty");
      }
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("holds a NUL character");
      }
      return new TemplateFile(file, text);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("is not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be read: " + e.getMessage(), e);
    }
  }
}
