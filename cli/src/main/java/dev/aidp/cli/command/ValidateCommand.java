package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.pipeline.PipelineCatalog;
import dev.aidp.cli.pipeline.PipelineFile;
import dev.aidp.cli.pipeline.PipelineSchema;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.pipeline.PipelineLoader.Loaded;
import dev.aidp.core.text.SafeText;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `aidp validate`.
@Command(
    name = "validate",
    description = {
      "Check a pipeline without running it.",
      "Prints FILE:LINE:COLUMN: what is wrong; what to write. Exit code 2 if anything is."
    })
final class ValidateCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "A file, a directory that holds a pipeline.yaml, or a name")
  @Nullable String pipeline;

  @Option(names = "--schema", description = "Print the JSON Schema of pipelines, for editors")
  boolean schema;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  ValidateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    if (schema) {
      console.out().print(PipelineSchema.text());
      return 0;
    }
    if (pipeline == null) {
      throw new Usage("Missing the pipeline to check", "Name a file, a directory or a pipeline");
    }
    PipelineFile file = new PipelineCatalog(session.directory()).locate(pipeline);
    List<String> problems = file.problems();
    if (json) {
      Json.print(console, json(file));
    } else {
      problems.forEach(problem -> console.out().println(SafeText.oneLine(problem)));
      console.note(verdict(file));
    }
    return problems.isEmpty() ? 0 : ErrorCategory.USAGE.exitCode();
  }

  private static String verdict(PipelineFile file) {
    return switch (file.loaded()) {
      case Loaded.Valid valid ->
          file.shown() + " is valid: " + count(valid.pipeline().nodes().size(), "node");
      case Loaded.Invalid invalid ->
          "aidp: " + file.shown() + " is not valid: " + count(invalid.problems().size(), "problem");
    };
  }

  private static String count(int number, String word) {
    return number + " " + word + (number == 1 ? "" : "s");
  }

  private static ObjectNode json(PipelineFile file) {
    ObjectNode json =
        Json.object()
            .put("file", file.file().toString())
            .put("name", file.name())
            .put("valid", file.problems().isEmpty());
    ArrayNode problems = json.putArray("problems");
    if (file.loaded() instanceof Loaded.Invalid invalid) {
      invalid
          .problems()
          .forEach(problem ->
              problems
                  .addObject()
                  .put("line", problem.position().line())
                  .put("column", problem.position().column())
                  .put("message", problem.what())
                  .put("remedy", problem.remedy()));
    }
    return json;
  }
}
