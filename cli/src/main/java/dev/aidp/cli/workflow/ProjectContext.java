package dev.aidp.cli.workflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be said of a project without asking anybody. Everything is bounded, and nothing outside
/// of the workspace is read.
final class ProjectContext {
  private static final int README_CHARS = 4_000;
  private static final int OUTPUT_CHARS = 6_000;
  private static final int LINE_CHARS = 300;

  private static final List<String> READMES =
      List.of("README.md", "README", "README.txt", "readme.md");

  private static final List<String> BUILD_FILES =
      List.of(
          "pom.xml",
          "build.gradle",
          "build.gradle.kts",
          "package.json",
          "pyproject.toml",
          "requirements.txt",
          "setup.py",
          "Cargo.toml",
          "go.mod",
          "Gemfile",
          "composer.json",
          "mix.exs",
          "CMakeLists.txt",
          "Makefile",
          "Dockerfile",
          "docker-compose.yml");

  private final Path workspace;

  ProjectContext(Path workspace) {
    this.workspace = workspace;
  }

  String describe() {
    StringBuilder text = new StringBuilder();
    text.append("- Name: ").append(workspace.getFileName()).append('\n');
    List<String> builds = new ArrayList<>();
    for (String file : BUILD_FILES) {
      if (Files.isRegularFile(workspace.resolve(file))) {
        builds.add(file);
      }
    }
    text.append("- Build files: ")
        .append(builds.isEmpty() ? "none" : String.join(", ", builds))
        .append('\n');
    String branch = branch();
    if (branch != null) {
      text.append("- Git branch: ").append(branch).append('\n');
    }
    String remote = remote();
    if (remote != null) {
      text.append("- Git remote: ").append(remote).append('\n');
    }
    for (String file : READMES) {
      String readme = read(file, README_CHARS);
      if (readme != null) {
        text.append('\n').append(quoted(file, readme));
        return text.toString();
      }
    }
    return text.append("- There is no README.\n").toString();
  }

  /// Whether there is such a file within the workspace.
  boolean has(String file) {
    return read(file, 1) != null;
  }

  /// The beginning of a file that an earlier step has written, or will have.
  ///
  /// @param maxChars at most so many, and never more than [#OUTPUT_CHARS]
  String excerpt(String file, int maxChars) {
    String content = read(file, Math.min(maxChars, OUTPUT_CHARS));
    return content == null
        ? "`" + file + "` is not there yet; read it if it is when you begin.\n\n"
        : quoted(file, content) + "\n";
  }

  private static String quoted(String file, String content) {
    boolean cut = content.endsWith("…");
    return "`"
        + file
        + "`"
        + (cut ? " (its beginning; read the rest yourself)" : "")
        + ":\n\n~~~~\n"
        + content.replace("~~~~", "~~~")
        + "\n~~~~\n";
  }

  /// @return null if it is no readable file within the workspace
  private @Nullable String read(String name, int maxChars) {
    Path file = workspace.resolve(name).normalize();
    try {
      if (!Files.isRegularFile(file) || !file.toRealPath().startsWith(workspace.toRealPath())) {
        return null;
      }
      try (InputStream stream = Files.newInputStream(file)) {
        // A character has at most four bytes.
        String text = new String(stream.readNBytes(maxChars * 4), StandardCharsets.UTF_8).strip();
        String clean = text.replace('\0', '\uFFFD');
        return clean.length() <= maxChars ? clean : clean.substring(0, maxChars - 1) + "…";
      }
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable String branch() {
    String head = gitFile("HEAD");
    if (head == null) {
      return null;
    }
    String first = head.lines().findFirst().orElse("");
    return bounded(first.startsWith("ref: refs/heads/") ? first.substring(16) : first);
  }

  /// Without the user and password that it may hold.
  private @Nullable String remote() {
    String config = gitFile("config");
    if (config == null) {
      return null;
    }
    return config
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("url = "))
        .findFirst()
        .map(line -> bounded(line.substring(6).replaceFirst("://[^/@]*@", "://")))
        .orElse(null);
  }

  private @Nullable String gitFile(String name) {
    for (Path parent = workspace; parent != null; parent = parent.getParent()) {
      Path git = parent.resolve(".git");
      if (Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)) {
        try (InputStream stream = Files.newInputStream(git.resolve(name))) {
          return new String(stream.readNBytes(65_536), StandardCharsets.UTF_8);
        } catch (IOException e) {
          return null;
        }
      }
    }
    return null;
  }

  private static String bounded(String line) {
    return line.length() <= LINE_CHARS ? line : line.substring(0, LINE_CHARS);
  }
}
