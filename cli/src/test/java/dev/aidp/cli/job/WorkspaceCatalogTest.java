package dev.aidp.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.tui.data.Catalog.PipelineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceCatalogTest {
  @TempDir private Path directory;

  @Test
  void pipelinesAreNamedAsTheirFilesSayIt() throws IOException {
    write(
        "a/pipeline.yaml",
        """
        name: "release-notes"   # a comment
        description: >
          Draft and
          check
        nodes: [{id: x, type: agent, provider: demo, prompt: "Say {{ prompt }}"}]
        """);
    write("b/pipeline.yml", "nodes: [{id: x, type: task, command: 'echo {{{{'}]");
    write("c/pipeline.yaml", "nodes: [{id: x, type: task, command: 'echo \\{{prompt}}'}]");
    write(".pipeline-runs/d/pipeline.yaml", "nodes: [{id: x, type: task, command: 'true'}]");
    assertThat(
            new WorkspaceCatalog(directory, (_, _) -> new CommandRunner.Printed(0, "", ""))
                .pipelines())
        .satisfiesExactly(
            broken -> {
              assertThat(broken.name()).isEqualTo("b");
              assertThat(broken.description()).startsWith("invalid: b/pipeline.yml:1:");
            },
            plain ->
                assertThat(plain).isEqualTo(new PipelineFile("c", "c/pipeline.yaml", "", false)),
            prompted ->
                assertThat(prompted)
                    .isEqualTo(
                        new PipelineFile(
                            "release-notes", "a/pipeline.yaml", "Draft and check", true)));
  }

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
