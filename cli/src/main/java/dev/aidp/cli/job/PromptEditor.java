package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/// Lets the user write a file of `prompts/` in the editor.
public final class PromptEditor {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._ -]{0,100}");

  private static final String TEMPLATE =
      """
      ---
      status: active
      provider:
      model:
      ---
      """;

  private final Session session;

  public PromptEditor(Session session) {
    this.session = session;
  }

  /// Makes the file if it is missing, and opens it; blocks until the editor ends.
  ///
  /// @param name without `.md`
  /// @return what there is to say
  public String edit(String name) {
    String base = name.endsWith(".md") ? name.substring(0, name.length() - 3) : name;
    if (!NAME.matcher(base).matches()) {
      return "a name has letters, digits, '.', '_', '-' and spaces; nothing was made";
    }
    Path file = session.directory().resolve("prompts").resolve(base + ".md");
    try {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        Files.writeString(file, TEMPLATE);
      }
      int status =
          new ProcessBuilder("sh", "-c", editor() + " \"$1\"", "sh", file.toString())
              .directory(session.directory().toFile())
              .inheritIO()
              .start()
              .waitFor();
      return status == 0
          ? "prompts/%s.md is there; Run a prompt queues it".formatted(base)
          : "the editor ended with %d; set EDITOR".formatted(status);
    } catch (IOException e) {
      return "prompts/%s.md can't be written: %s".formatted(base, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private String editor() {
    Map<String, String> environment = session.environment();
    String visual = environment.getOrDefault("VISUAL", "");
    String editor = environment.getOrDefault("EDITOR", "");
    return !visual.isBlank() ? visual : !editor.isBlank() ? editor : "vi";
  }
}
