package dev.aidp.cli.pipeline;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.pipeline.PipelineLoader.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pipelines of a workspace.
public final class PipelineCatalog {
  private static final List<String> FILES = List.of("pipeline.yaml", "pipeline.yml");

  /// Copies, builds and other people's code.
  private static final Set<String> SKIPPED =
      Set.of("node_modules", ".git", "dist", "target", ".aidp", ".pipeline-runs");

  private static final int MAX_DEPTH = 12;

  /// Below a home directory there may be millions of files.
  private static final int MAX_VISITED = 200_000;

  private final Path directory;

  /// @param directory where the user is, below which pipelines are looked for
  public PipelineCatalog(Path directory) {
    this.directory = directory;
  }

  /// One that was found.
  ///
  /// @param description null if it has none
  /// @param problem the first thing that is wrong with it; null if it is valid
  public record Found(
      PipelineFile file, String name, @Nullable String description, @Nullable String problem) {}

  /// Everything that is there, valid or not, by name. Unreadable files and directories are passed
  /// over.
  public List<Found> find() {
    List<Found> found = new ArrayList<>();
    for (Path file : files()) {
      try {
        found.add(found(PipelineFile.read(file, directory)));
      } catch (AidpException e) {
        // Gone or unreadable: there is nothing to offer.
      }
    }
    found.sort(Comparator.comparing(Found::name).thenComparing(one -> one.file().shown()));
    return found;
  }

  private static Found found(PipelineFile file) {
    return switch (file.loaded()) {
      case Loaded.Valid valid -> new Found(file, file.name(), valid.pipeline().description(), null);
      case Loaded.Invalid _ -> new Found(file, file.name(), null, file.problems().getFirst());
    };
  }

  /// The pipeline that the user means: a file, a directory that holds one, or a name.
  ///
  /// @throws AidpException (not found) if there is none, (usage) if the name is that of several
  public PipelineFile locate(String argument) {
    Path path = path(argument);
    if (path != null && Files.isDirectory(path)) {
      Optional<Path> inside =
          FILES.stream().map(path::resolve).filter(Files::isRegularFile).findFirst();
      if (inside.isPresent()) {
        return PipelineFile.read(inside.get(), directory);
      }
    } else if (path != null && Files.exists(path)) {
      return PipelineFile.read(path, directory);
    }
    return named(argument);
  }

  private @Nullable Path path(String argument) {
    try {
      return argument.isEmpty() ? null : directory.resolve(argument).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private PipelineFile named(String name) {
    List<Found> all = find();
    List<Found> matches = all.stream().filter(one -> one.name().equals(name)).toList();
    if (matches.size() == 1) {
      return matches.getFirst().file();
    }
    if (matches.isEmpty()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "There is no pipeline " + name + ": no such file, and none of that name below here",
          all.isEmpty()
              ? "Name a file; pipelines are called pipeline.yaml"
              : "Found here: " + String.join(", ", all.stream().map(Found::name).toList()));
    }
    throw new AidpException(
        ErrorCategory.USAGE,
        "Several pipelines are called " + name,
        "Name its file: "
            + String.join(", ", matches.stream().map(one -> one.file().shown()).toList()));
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          EnumSet.noneOf(java.nio.file.FileVisitOption.class),
          MAX_DEPTH,
          visitor(files));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private SimpleFileVisitor<Path> visitor(List<Path> files) {
    return new SimpleFileVisitor<>() {
      private int visited;

      @Override
      public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
        boolean skipped =
            !path.equals(directory) && SKIPPED.contains(String.valueOf(path.getFileName()));
        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && FILES.contains(String.valueOf(path.getFileName()))) {
          files.add(path);
        }
        return ++visited < MAX_VISITED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path path, IOException failure) {
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) {
        return FileVisitResult.CONTINUE;
      }
    };
  }
}
