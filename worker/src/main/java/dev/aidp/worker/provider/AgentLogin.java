package dev.aidp.worker.provider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether an agent CLI has an account or a key to use, by the variables and the files where it
/// keeps them. Asking the programs themselves takes seconds, and some versions would begin a
/// session. Whether the account is still good only a call can tell.
final class AgentLogin {
  private static final int MAX_BYTES = 16 << 20;

  private final Map<String, String> environment;

  private AgentLogin(Map<String, String> environment) {
    this.environment = environment;
  }

  /// @return null if it cannot be told
  static @Nullable Boolean of(String provider, Map<String, String> environment) {
    AgentLogin login = new AgentLogin(environment);
    return switch (provider) {
      case "claude" -> login.claude();
      case "cursor" -> login.cursor();
      case "gemini" -> login.gemini();
      case "codex" -> login.codex();
      default -> null;
    };
  }

  private Boolean claude() {
    Path folder = folder("CLAUDE_CONFIG_DIR", ".claude");
    Path settings =
        isSet("CLAUDE_CONFIG_DIR") ? folder.resolve(".claude.json") : home(".claude.json");
    return anySet(
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_VERTEX",
            "CLAUDE_CODE_USE_FOUNDRY")
        || Files.exists(folder.resolve(".credentials.json"))
        || contains(settings, "\"oauthAccount\"")
        || contains(settings, "\"primaryApiKey\"")
        || contains(folder.resolve("settings.json"), "\"apiKeyHelper\"");
  }

  private Boolean cursor() {
    return isSet("CURSOR_API_KEY")
        || contains(home(".cursor/cli-config.json"), "\"authInfo\"")
        || Files.exists(home(".config/cursor/auth.json"));
  }

  private Boolean gemini() {
    return anySet(
            "GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_GCA")
        || Files.exists(home(".gemini/oauth_creds.json"))
        || contains(home(".gemini/.env"), "GEMINI_API_KEY")
        || contains(home(".env"), "GEMINI_API_KEY");
  }

  /// A model provider of the user's own has a key of its own.
  private @Nullable Boolean codex() {
    Path folder = folder("CODEX_HOME", ".codex");
    if (isSet("CODEX_API_KEY") || Files.exists(folder.resolve("auth.json"))) {
      return true;
    }
    return contains(folder.resolve("config.toml"), "model_provider") ? null : false;
  }

  private boolean anySet(String... variables) {
    for (String variable : variables) {
      if (isSet(variable)) {
        return true;
      }
    }
    return false;
  }

  private boolean isSet(String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  private Path folder(String variable, String name) {
    try {
      return isSet(variable) ? Path.of(environment.getOrDefault(variable, "")) : home(name);
    } catch (InvalidPathException _) {
      return home(name);
    }
  }

  private Path home(String name) {
    try {
      return Path.of(environment.getOrDefault("HOME", "/")).resolve(name);
    } catch (InvalidPathException _) {
      return Path.of("/").resolve(name);
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) <= MAX_BYTES
          && new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(text);
    } catch (IOException _) {
      return false;
    }
  }
}
