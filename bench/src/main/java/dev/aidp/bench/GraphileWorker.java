package dev.aidp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// graphile-worker, from npm, as the measure of a good PostgreSQL queue. Needs `node` and `npm`.
final class GraphileWorker {
  private final Path folder;

  private GraphileWorker(Path folder) {
    this.folder = folder;
  }

  /// @param sources `bench/peers/graphile-worker` of the checkout
  static GraphileWorker install(Path sources) {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "aidp-bench-graphile-worker");
    try {
      Files.createDirectories(folder);
      for (String file : List.of("package.json", "run.mjs")) {
        Files.copy(
            sources.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!Files.isDirectory(folder.resolve("node_modules/graphile-worker"))) {
      run(folder, List.of("npm", "install", "--no-audit", "--no-fund", "--silent"));
    }
    return new GraphileWorker(folder);
  }

  JsonNode measure(String scenario, String databaseUrl, int jobs) {
    String printed =
        run(folder, List.of("node", "run.mjs", scenario, databaseUrl, String.valueOf(jobs)));
    return JsonMapper.shared().readTree(printed);
  }

  private static String run(Path folder, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(command + " ended with " + code);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static double number(JsonNode figures, String key) {
    return figures.path(key).asDouble();
  }

  static double number(Map<String, Object> figures, String key) {
    return ((Number) figures.getOrDefault(key, 0)).doubleValue();
  }
}
