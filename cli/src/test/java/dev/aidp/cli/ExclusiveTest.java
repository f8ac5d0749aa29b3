package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExclusiveTest {
  private final Cli cli;

  ExclusiveTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  /// Fails if another one is inside at the same time.
  private static final String ALONE = "mkdir inside && sleep 0.2 && rmdir inside";

  @Test
  void exclusiveJobsAndOthersRunOneAfterAnother() {
    for (int i = 0; i < 3; i++) {
      cli.run("exec", "--exclusive", "--", "sh", "-c", ALONE);
      cli.run("exec", "--", "sh", "-c", "test ! -e inside");
    }
    cli.work();

    JsonNode jobs = JsonMapper.shared().readTree(cli.run("jobs", "list", "--json").out());
    assertThat(jobs).hasSize(6);
    jobs.forEach(job -> {
      assertThat(job.get("status").asString()).isEqualTo("completed");
      assertThat(job.get("attempt").asInt()).isEqualTo(1);
    });
  }
}
