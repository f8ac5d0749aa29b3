package dev.aidp.cli.tui.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.tui.Outside;
import dev.aidp.cli.tui.data.Catalog;
import dev.aidp.cli.tui.data.DatabaseJobs;
import dev.aidp.cli.tui.data.Done;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainScreensTest {
  private final List<Request> requests = new ArrayList<>();

  @Test
  void leadsByNumbersAndLines() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        DatabaseJobs source = DatabaseJobs.open(database.connections(), catalog())) {
      database.execute("select aidp.enqueue('claude', 'do ' || chr(27) || '[2J it')");
      String shown =
          shown(
              source,
              """
              list
              show 1
              logs 1
              cancel 1
              retry x
              retry 9
              back
              2
              2
              9
              5
              2
              6
              """);
      assertThat(shown)
          .contains(
              "Job 1, claude, do  [2J it, queued",
              "Prompt: do ␛[2J it",
              "There is no log.",
              "done cancel")
          .contains("Type retry and the id of a job.", "Not done: there is no job 9")
          .contains(
              "Step 1, 00_PRD, completed: docs/PRD.md", "Step 2, 01_NFRS, not queued: docs/NFRs.md")
          .contains("2 fix.md", "There is no 9; type a number.", "Jobs keep running")
          .doesNotContain("\033");
      assertThat(requests)
          .contains(new Request.Cancel(List.of(1L)), new Request.Prompt("Fix it", "demo", ""));
    }
  }

  private String shown(DatabaseJobs source, String typed) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new PlainScreens(
            new BufferedReader(new StringReader(typed)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            source,
            this::perform,
            catalog(),
            new Nowhere())
        .run(false);
    return out.toString(StandardCharsets.UTF_8);
  }

  private Done perform(Request request) {
    requests.add(request);
    if (request instanceof Request.Retry) {
      throw new AidpException(ErrorCategory.NOT_FOUND, "there is no job 9", null);
    }
    return Done.of("done " + (request instanceof Request.Cancel ? "cancel" : "it"));
  }

  private static Catalog catalog() {
    return new Catalog() {
      @Override
      public List<PromptFile> prompts() {
        return List.of(new PromptFile("fix.md", "demo", "", "Fix it"));
      }

      @Override
      public List<PipelineFile> pipelines() {
        return List.of();
      }

      @Override
      public WorkflowSteps workflow() {
        return new WorkflowSteps(
            List.of(
                new WorkflowStep(1, "00_PRD", JobStatus.COMPLETED, 7, "docs/PRD.md"),
                new WorkflowStep(2, "01_NFRS", null, 0, "docs/NFRs.md")),
            "");
      }
    };
  }

  private record Nowhere() implements Outside {
    @Override
    public void ensureWorker() {
      // There is none.
    }

    @Override
    public String page(long jobId, int attempt) {
      return "";
    }

    @Override
    public String edit(String name) {
      return "";
    }
  }
}
