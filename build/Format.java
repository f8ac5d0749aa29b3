import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Formats the Java sources of all modules, or checks that they are formatted.
///
/// `java Format.java check|write ROOT`: exits with 1 if a file is not formatted (`check`) or cannot
/// be parsed. Run by Maven on the toolchain's JDK, since Maven's own may be too old to parse them.
final class Format {
  private final Formatter formatter = new Formatter();

  public static void main(String[] args) throws IOException {
    boolean write =
        switch (args[0]) {
          case "check" -> false;
          case "write" -> true;
          default -> throw new IllegalArgumentException("check or write, not " + args[0]);
        };
    Path root = Path.of(args[1]);
    if (!new Format().run(root, write)) {
      System.exit(1);
    }
  }

  private boolean run(Path root, boolean write) throws IOException {
    List<String> broken = new ArrayList<>();
    List<String> unformatted =
        sources(root).parallelStream()
            .flatMap(file -> {
              try {
                return format(file, write).stream();
              } catch (FormatterException e) {
                synchronized (broken) {
                  broken.add(root.relativize(file) + ":" + e.getMessage());
                }
                return Stream.empty();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
            .map(file -> root.relativize(file).toString())
            .sorted()
            .toList();
    broken.forEach(message -> System.err.println("Cannot be parsed: " + message));
    if (write) {
      unformatted.forEach(file -> System.err.println("Formatted: " + file));
    } else if (!unformatted.isEmpty()) {
      System.err.println("Not formatted (type ./format to format them):");
      unformatted.forEach(file -> System.err.println("  " + file));
    }
    return broken.isEmpty() && (write || unformatted.isEmpty());
  }

  /// Returns the file if it was not formatted; it is then, if `write`.
  private Optional<Path> format(Path file, boolean write) throws IOException, FormatterException {
    String source = Files.readString(file);
    String imports = RemoveUnusedImports.removeUnusedImports(source);
    String formatted = formatter.formatSource(ImportOrderer.reorderImports(imports, Style.GOOGLE));
    if (formatted.equals(source)) {
      return Optional.empty();
    }
    if (write) {
      Files.writeString(file, formatted);
    }
    return Optional.of(file);
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.toList()) {
        for (String sources : List.of("src/main/java", "src/test/java")) {
          addJavaFiles(module.resolve(sources), found);
        }
      }
    }
    addJavaFiles(root.resolve("build"), found);
    return found;
  }

  private static void addJavaFiles(Path directory, List<Path> found) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        files
            .filter(file -> file.toString().endsWith(".java") && Files.isRegularFile(file))
            .forEach(found::add);
      }
    }
  }
}
