package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepOutputsTest {
  private static final Outcome DONE = new Outcome.Completed(Figures.NONE);

  @TempDir Path workspace;

  @Test
  void acceptsFilesAndDirectoriesWithSomethingInThem() throws IOException {
    Files.writeString(workspace.resolve("a.md"), "a");
    Files.createDirectory(workspace.resolve("d"));
    Files.writeString(workspace.resolve("d/b.md"), "");
    assertThat(StepOutputs.check(workspace, List.of("a.md", "d/"), DONE)).isSameAs(DONE);
    assertThat(StepOutputs.check(workspace, List.of(), DONE)).isSameAs(DONE);
  }

  @Test
  void namesWhatIsMissingOrEmpty() throws IOException {
    Files.writeString(workspace.resolve("empty.md"), "");
    Files.createDirectory(workspace.resolve("d"));
    List<String> outputs = List.of("gone.md", "empty.md", "d", "d/", "bad\0name");
    assertThat(StepOutputs.check(workspace, outputs, DONE))
        .isEqualTo(
            new Outcome.Failed(
                ErrorClass.UNKNOWN,
                "did not write gone.md, empty.md, d, d/, bad\u2400name",
                null,
                false,
                Figures.NONE));
  }

  @Test
  void leavesAFailureAsItIs() {
    Outcome failed = new Outcome.Failed(ErrorClass.AUTH, "no key", null, false, Figures.NONE);
    assertThat(StepOutputs.check(workspace, List.of("gone.md"), failed)).isSameAs(failed);
  }
}
