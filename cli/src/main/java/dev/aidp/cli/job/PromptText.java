package dev.aidp.cli.job;

import dev.aidp.cli.session.Directories;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Reads a prompt from where the user has it.
public final class PromptText {
  private static final int MAX_BYTES = 256 << 20;

  private final Session session;

  public PromptText(Session session) {
    this.session = session;
  }

  /// @param argument the text itself, `-` for stdin, or `@FILE`
  /// @throws Usage if it is empty
  /// @throws AidpException (not found) if the file can't be read
  public String read(String argument) {
    String text;
    if (argument.equals("-")) {
      text = decode(stdin());
    } else if (argument.startsWith("@")) {
      text = decode(file(argument.substring(1)));
    } else {
      text = argument;
    }
    if (text.isBlank()) {
      throw new Usage("the prompt is empty", "Say what shall be done");
    }
    if (text.indexOf('\0') >= 0) {
      session.console().warn("the prompt has NUL characters; they were replaced by U+FFFD");
    }
    return text.replace('\0', '\uFFFD');
  }

  private byte[] stdin() {
    try {
      byte[] bytes = session.console().in().readNBytes(MAX_BYTES + 1);
      checkSize(bytes.length, "stdin");
      return bytes;
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.INTERNAL, "Reading stdin failed: " + e.getMessage(), null, e);
    }
  }

  private byte[] file(String name) {
    try {
      Path file = session.directory().resolve(name);
      if (Files.isDirectory(file)) {
        throw unreadable(name, "it is a directory", null);
      }
      checkSize(Files.size(file), name);
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(name, Directories.reason(e), e);
    } catch (InvalidPathException e) {
      throw unreadable(name, "no such file or directory", e);
    }
  }

  private static void checkSize(long bytes, String source) {
    if (bytes > MAX_BYTES) {
      throw new Usage(
          "the prompt in " + source + " is larger than 256 MiB", "Name files in it instead");
    }
  }

  private static AidpException unreadable(
      String name, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        "The prompt's file " + name + " can't be read: " + why,
        "Name a readable file: aidp prompt @FILE",
        cause);
  }

  private String decode(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    int start = marked ? 3 : 0;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
          .toString();
    } catch (CharacterCodingException e) {
      session
          .console()
          .warn("the prompt is not UTF-8 throughout; what is not was replaced by U+FFFD");
      return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    }
  }
}
