package dev.aidp.cli.job;

import dev.aidp.cli.pipeline.PipelineCatalog;
import dev.aidp.cli.tui.data.Catalog;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.pipeline.PipelineLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the files of a workspace offer. What can't be read is left out.
public final class WorkspaceCatalog implements Catalog {
  private static final int MOST = 500;
  private static final long LONGEST = 1 << 20;

  /// Looking through a workspace may take this part of the time.
  private static final int LOOKING_SHARE = 20;

  private final Path directory;
  private final CommandRunner commands;
  private final PipelineCatalog catalog;
  private @Nullable List<PipelineFile> pipelines;
  private long pipelinesDueNanos;

  public WorkspaceCatalog(Path directory, CommandRunner commands) {
    this.directory = directory;
    this.commands = commands;
    catalog = new PipelineCatalog(directory);
  }

  @Override
  public List<PromptFile> prompts() {
    Path folder = directory.resolve("prompts");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".md"))
          .sorted()
          .limit(MOST)
          .flatMap(file -> prompt(file).stream())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<PromptFile> prompt(Path file) {
    FrontMatter content = FrontMatter.of(text(file));
    Map<String, String> fields = content.fields();
    if (fields.getOrDefault("status", "").equals("archived")) {
      return List.of();
    }
    return List.of(
        new PromptFile(
            CellText.clean(file.getFileName().toString()),
            CellText.clean(fields.getOrDefault("provider", "")),
            CellText.clean(fields.getOrDefault("model", "")),
            content.body()));
  }

  /// Invalid ones are listed with what is wrong with them.
  @Override
  public List<PipelineFile> pipelines() {
    long started = System.nanoTime();
    if (pipelines == null || started - pipelinesDueNanos >= 0) {
      pipelines = catalog.find().stream().map(WorkspaceCatalog::pipeline).toList();
      pipelinesDueNanos = started + LOOKING_SHARE * (System.nanoTime() - started);
    }
    return pipelines;
  }

  private static PipelineFile pipeline(PipelineCatalog.Found found) {
    String problem = found.problem();
    String description = problem == null ? found.description() : "invalid: " + problem;
    boolean usesPrompt =
        found.file().loaded() instanceof PipelineLoader.Loaded.Valid valid
            && valid.pipeline().usesPrompt();
    return new PipelineFile(
        CellText.clean(found.name()),
        found.file().shown(),
        description == null ? "" : CellText.clean(description.strip()),
        usesPrompt);
  }

  @Override
  public WorkflowSteps workflow() {
    CommandRunner.Printed printed = commands.run("", "execute", "--json");
    if (printed.exitCode() != 0) {
      return new WorkflowSteps(List.of(), CellText.clean(printed.err().strip()));
    }
    List<WorkflowStep> steps = new ArrayList<>();
    for (JsonNode step : JsonMapper.shared().readTree(printed.out())) {
      steps.add(step(step));
    }
    return new WorkflowSteps(steps, "");
  }

  private static WorkflowStep step(JsonNode step) {
    String status = step.path("status").stringValue(null);
    boolean asked = "asked".equals(step.path("approval").stringValue(null));
    List<String> outputs = new ArrayList<>();
    step.path("outputs").forEach(output -> outputs.add(output.asString()));
    String why =
        asked
            ? "asks for approval"
            : step.path("error").stringValue(step.path("reason").stringValue(null));
    return new WorkflowStep(
        step.path("number").asInt(),
        CellText.clean(step.path("step").asString()),
        status == null ? null : JobStatus.ofWord(status),
        step.path("jobId").asLong(0),
        CellText.clean(why == null ? String.join(" ", outputs) : why));
  }

  private static String text(Path file) {
    try {
      return Files.size(file) > LONGEST
          ? ""
          : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
