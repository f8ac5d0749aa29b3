package dev.aidp.cli.tui.plain;

import dev.aidp.cli.tui.Outside;
import dev.aidp.cli.tui.data.Catalog;
import dev.aidp.cli.tui.data.Catalog.PipelineFile;
import dev.aidp.cli.tui.data.Catalog.PromptFile;
import dev.aidp.cli.tui.data.Catalog.WorkflowStep;
import dev.aidp.cli.tui.data.Catalog.WorkflowSteps;
import dev.aidp.cli.tui.data.Done;
import dev.aidp.cli.tui.data.JobActions;
import dev.aidp.cli.tui.data.JobsSource;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.core.error.AidpException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// The main menu and what it leads to, by numbers and lines. For one thread.
public final class PlainScreens {
  private final BufferedReader in;
  private final PrintStream out;
  private final JobActions actions;
  private final Catalog catalog;
  private final Outside outside;
  private final PlainJobs jobs;

  public PlainScreens(
      BufferedReader in,
      PrintStream out,
      JobsSource source,
      JobActions actions,
      Catalog catalog,
      Outside outside) {
    this.in = in;
    this.out = out;
    this.actions = actions;
    this.catalog = catalog;
    this.outside = outside;
    jobs = new PlainJobs(in, out, source, this::perform);
  }

  /// Blocks until the user leaves, or the input ends.
  ///
  /// @param menu whether the main menu comes first; else the list of jobs
  /// @return the exit code
  public int run(boolean menu) throws IOException, InterruptedException {
    if (!menu) {
      jobs.run();
    }
    while (true) {
      String answer =
          ask(
              "Main menu",
              List.of(
                  "Run a pipeline",
                  "Run a prompt",
                  "View jobs",
                  "Create a prompt",
                  "Workflow",
                  "Quit"));
      switch (answer) {
        case "1" -> runPipeline();
        case "2" -> runPrompt();
        case "3" -> jobs.run();
        case "4" -> createPrompt();
        case "5" -> workflow();
        case "6", "q", "" -> {
          out.println("Jobs keep running in the background.");
          return 0;
        }
        default -> out.println("There is no " + CellText.clean(answer) + "; type a number.");
      }
    }
  }

  private void runPipeline() throws IOException {
    List<PipelineFile> files = catalog.pipelines();
    List<String> items = new ArrayList<>(List.of("Give a path"));
    files.forEach(file -> items.add((file.name() + ": " + file.description()).strip()));
    int chosen = number(ask("Pipelines", items), items.size());
    if (chosen == 1) {
      String path = line("Path: ");
      if (!path.isEmpty()) {
        perform(new Request.Pipeline(path, ""));
      }
    } else if (chosen > 1) {
      PipelineFile file = files.get(chosen - 2);
      String prompt = file.usesPrompt() ? line("Prompt: ") : "";
      perform(new Request.Pipeline(file.path(), prompt));
    }
  }

  private void runPrompt() throws IOException {
    List<PromptFile> files = catalog.prompts();
    List<String> items = new ArrayList<>(List.of("Type a prompt"));
    files.forEach(file -> items.add(file.name()));
    int chosen = number(ask("Prompts", items), items.size());
    if (chosen == 1) {
      String text = line("Prompt: ");
      if (!text.isEmpty()) {
        perform(new Request.Prompt(text, "", ""));
      }
    } else if (chosen > 1) {
      PromptFile file = files.get(chosen - 2);
      perform(new Request.Prompt(file.text(), file.provider(), file.model()));
    }
  }

  private void createPrompt() throws IOException {
    String name = line("Name: ");
    if (!name.isEmpty()) {
      out.println(outside.edit(name));
    }
  }

  private void workflow() throws IOException {
    WorkflowSteps steps = catalog.workflow();
    steps.steps().forEach(step -> out.println(line(step)));
    if (!steps.problem().isEmpty()) {
      out.println(steps.problem());
    }
    if (ask("Workflow", List.of("Queue the next step", "Back")).equals("1")) {
      perform(new Request.NextStep());
    }
  }

  private static String line(WorkflowStep step) {
    String status = step.status() == null ? "not queued" : step.status().word();
    return "Step %d, %s, %s: %s".formatted(step.number(), step.name(), status, step.note());
  }

  private void perform(Request request) {
    try {
      Done done = actions.perform(request);
      out.println(CellText.clean(done.text()));
      outside.ensureWorker();
    } catch (AidpException e) {
      out.println("Not done: " + CellText.clean(String.valueOf(e.getMessage())));
      if (e.remedy() != null) {
        out.println(CellText.clean(e.remedy()));
      }
    }
  }

  private String ask(String title, List<String> items) throws IOException {
    out.println(title);
    for (int i = 0; i < items.size(); i++) {
      out.println((i + 1) + " " + items.get(i));
    }
    return line("Number: ");
  }

  private int number(String answer, int most) {
    try {
      int number = Integer.parseInt(answer);
      return number >= 1 && number <= most ? number : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Empty at the end of the input.
  private String line(String prompt) throws IOException {
    out.print(prompt);
    out.flush();
    String line = in.readLine();
    return line == null ? "" : line.strip();
  }
}
