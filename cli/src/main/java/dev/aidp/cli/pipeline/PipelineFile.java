package dev.aidp.cli.pipeline;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.session.Directories;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.pipeline.Pipeline;
import dev.aidp.core.pipeline.PipelineLoader;
import dev.aidp.core.pipeline.PipelineLoader.Loaded;
import dev.aidp.core.text.ShellWords;
import dev.aidp.core.yaml.Position;
import dev.aidp.core.yaml.Problem;
import dev.aidp.core.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file that was read, be it a pipeline or not.
///
/// @param file absolute
/// @param shown how the user is told of it: relative to where they are, if it is below
public record PipelineFile(Path file, String shown, Loaded loaded) {

  /// @param directory where the user is
  /// @throws AidpException (not found) if it can't be read
  public static PipelineFile read(Path file, Path directory) {
    return new PipelineFile(file, shown(file, directory), load(file));
  }

  private static String shown(Path file, Path directory) {
    return file.startsWith(directory) ? directory.relativize(file).toString() : file.toString();
  }

  private static Loaded load(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    String folder = parent == null ? "" : String.valueOf(parent.getFileName());
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      // In characters there are at most as many.
      bytes = in.readNBytes(4 * YamlReader.MAX_LENGTH + 1);
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "The pipeline " + file + " can't be read: " + Directories.reason(e),
          "Name a readable file",
          e);
    }
    if (bytes.length > 4 * YamlReader.MAX_LENGTH) {
      return new Loaded.Invalid(folder, List.of(YamlReader.tooLarge()));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return PipelineLoader.load(text, folder);
    } catch (CharacterCodingException e) {
      return new Loaded.Invalid(folder, List.of(notUtf8(bytes)));
    }
  }

  private static Problem notUtf8(byte[] bytes) {
    String lenient = new String(bytes, StandardCharsets.UTF_8);
    String before = lenient.substring(0, Math.max(0, lenient.indexOf('\uFFFD')));
    int line = 1 + Math.toIntExact(before.chars().filter(c -> c == '\n').count());
    int column = before.length() - before.lastIndexOf('\n');
    return new Problem(new Position(line, column), "this is not UTF-8", "save the file as UTF-8");
  }

  public String name() {
    return switch (loaded) {
      case Loaded.Valid valid -> valid.pipeline().name();
      case Loaded.Invalid invalid -> invalid.name();
    };
  }

  /// `FILE:LINE:COLUMN: what; remedy`, one for each problem.
  public List<String> problems() {
    return switch (loaded) {
      case Loaded.Valid _ -> List.of();
      case Loaded.Invalid invalid ->
          invalid.problems().stream().map(problem -> problem.in(shown)).toList();
    };
  }

  /// The pipeline, for a command that can do nothing without: prints the problems if there are any.
  ///
  /// @throws AidpException (usage) if it is invalid
  public Pipeline require(Console console) {
    return switch (loaded) {
      case Loaded.Valid valid -> valid.pipeline();
      case Loaded.Invalid invalid -> {
        problems().forEach(console::note);
        int count = invalid.problems().size();
        throw new AidpException(
            ErrorCategory.USAGE,
            shown + " is no valid pipeline: " + count + (count == 1 ? " problem" : " problems"),
            "Mend it, then check it with `aidp validate " + ShellWords.quote(shown) + "`");
      }
    };
  }
}
