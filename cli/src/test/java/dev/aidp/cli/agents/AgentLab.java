package dev.aidp.cli.agents;

import dev.aidp.cli.Cli;
import dev.aidp.cli.Cli.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real agent CLIs against the fake API, queued by commands and run by worker processes that can be
/// killed. Every job has a home, a workspace and a mark in its environment of its own.
final class AgentLab implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String MARK = "AIDP_MATRIX";

  private final Path directory;
  private final Cli cli;
  private final FakeApi api;
  private final List<Process> workers = new ArrayList<>();

  /// Where `agents/install` puts the programs.
  static Path programs() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("aidp/agents/node_modules/.bin");
  }

  AgentLab(Path directory) throws IOException, InterruptedException {
    this.directory = directory.toRealPath();
    this.cli = new Cli(directory);
    this.api = FakeApi.start(directory);
    cli.with("PATH", programs() + ":" + System.getenv("PATH"));
  }

  /// What shall be run.
  ///
  /// @param run a word of its own
  record Call(String agent, String run, String scenario, String prompt, List<String> flags) {}

  /// @return the job's id
  long queue(Call call) throws IOException {
    Path home = directory.resolve("rows/" + call.run() + "/home");
    Files.createDirectories(home.resolve(".gemini"));
    Files.createDirectories(home.resolve(".codex"));
    Path workspace = Files.createDirectories(workspace(call.run()));
    if (call.scenario().equals("stall")) {
      Files.writeString(workspace.resolve("aidp.yml"), "stall_timeout: 15s\n");
    }
    cli.with("HOME", home.toString()).with(MARK, call.run());
    List<String> words =
        new ArrayList<>(
            List.of(
                "prompt",
                "-",
                "--provider",
                call.agent(),
                "--workspace",
                workspace.toString(),
                "--permissions",
                "all"));
    words.addAll(call.flags());
    words.addAll(pointAtApi(call.agent(), api.url(call.scenario(), call.run()), home));
    cli.stdin(call.prompt().getBytes(StandardCharsets.UTF_8));
    Result queued = cli.run(words.toArray(String[]::new));
    cli.without(MARK);
    if (queued.exitCode() != 0) {
      throw new AssertionError(queued.err());
    }
    return Long.parseLong(queued.out().strip());
  }

  private List<String> pointAtApi(String agent, String url, Path home) throws IOException {
    return switch (agent) {
      case "claude" -> {
        cli.with("ANTHROPIC_BASE_URL", url).with("ANTHROPIC_API_KEY", "fake-key-0123456789");
        cli.with("CLAUDE_CODE_MAX_RETRIES", "2");
        yield List.of();
      }
      case "gemini" -> {
        cli.with("GOOGLE_GEMINI_BASE_URL", url).with("GEMINI_API_KEY", "fake-key-0123456789");
        Files.writeString(
            home.resolve(".gemini/settings.json"),
            """
            {"security": {"auth": {"selectedType": "gemini-api-key"}},
             "privacy": {"usageStatisticsEnabled": false},
             "general": {"enableAutoUpdate": false, "maxAttempts": 2}}
            """);
        yield List.of("--model", "gemini-2.5-flash");
      }
      default -> {
        cli.with("CODEX_HOME", home.resolve(".codex").toString());
        cli.with("FAKE_OPENAI_KEY", "fake-key-0123456789");
        List<String> arguments = new ArrayList<>(List.of("--model", "gpt-5.5"));
        for (String setting :
            List.of(
                "model_provider=\"fake\"",
                "model_providers.fake={name=\"fake\",base_url=\"%s\",env_key=\"FAKE_OPENAI_KEY\",wire_api=\"responses\",request_max_retries=1,stream_max_retries=2}"
                    .formatted(url),
                "analytics.enabled=false",
                "check_for_update_on_startup=false")) {
          arguments.addAll(List.of("--agent-arg=-c", "--agent-arg=" + setting));
        }
        yield arguments;
      }
    };
  }

  /// From now on this agent's process outlives its result by far.
  void hangAfterResult(String agent) throws IOException {
    Path shim = directory.resolve("hanging-" + agent);
    Files.writeString(
        shim, "#!/bin/bash\n%s \"$@\"\nsleep 600\n".formatted(programs().resolve(agent)));
    Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwx------"));
    cli.with("AIDP_" + agent.toUpperCase(java.util.Locale.ROOT) + "_CMD", shim.toString());
  }

  void hangNoMore(String agent) {
    cli.without("AIDP_" + agent.toUpperCase(java.util.Locale.ROOT) + "_CMD");
  }

  Path workspace(String run) {
    return directory.resolve("rows/" + run + "/work");
  }

  Result run(String... words) {
    return cli.run(words);
  }

  JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  /// Until all of them have ended.
  void await(List<Long> ids) {
    List<String> words = new ArrayList<>(List.of("jobs", "wait", "--timeout", "15m"));
    ids.forEach(id -> words.add(id.toString()));
    Result waited = cli.run(words.toArray(String[]::new));
    if (waited.exitCode() == 8) {
      throw new AssertionError("still running: " + waited.err());
    }
  }

  /// Looks again and again: what is waited for happens in processes that nothing tells of.
  ///
  /// @return whether it came true
  static boolean eventually(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return true;
  }

  Process startWorker() throws IOException {
    Map<String, String> environment = new HashMap<>(cli.environment());
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.aidp.cli.Main",
            "worker",
            "--count",
            "3");
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process worker =
        builder
            .directory(cli.workspace().toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("workers.log").toFile()))
            .start();
    workers.add(worker);
    return worker;
  }

  /// The processes that a run has left, as far as this system can tell.
  static List<String> leftOf(String run) {
    byte[] mark = (MARK + "=" + run + "\0").getBytes(StandardCharsets.UTF_8);
    List<String> left = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(process -> holds(process.resolve("environ"), mark))
          .map(AgentLab::command)
          .forEach(left::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return left;
  }

  private static boolean holds(Path environ, byte[] mark) {
    String text = read(environ);
    return text != null && text.contains(new String(mark, StandardCharsets.ISO_8859_1));
  }

  private static String command(Path process) {
    String text = read(process.resolve("cmdline"));
    return process.getFileName() + " " + (text == null ? "?" : text.replace('\0', ' '));
  }

  private static @Nullable String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // It has gone meanwhile, or is another user's.
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    for (Process worker : workers) {
      worker.destroy();
    }
    for (Process worker : workers) {
      try {
        worker.waitFor(40, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      worker.destroyForcibly();
    }
    api.close();
    cli.close();
  }
}
