package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.training.Training;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrainingTest {
  @Test
  void bringsCommandsAsFarAsTheirFirstQuery() {
    List<String> ended = new ArrayList<>();
    Training.run((arguments, streams, environment, directory) -> {
      int exitCode = Main.run(arguments, streams, environment, directory);
      ended.add(String.join(" ", arguments) + ": " + exitCode);
      return exitCode;
    });
    assertThat(ended)
        .containsExactly(
            "exec -- true: 3",
            "prompt --provider demo hello: 3",
            "jobs list: 3",
            "jobs list --json: 3",
            "jobs show 1: 3",
            "jobs result 1: 3",
            "jobs logs 1: 3",
            "jobs wait 1: 3",
            "workers: 3",
            "status: 3",
            "execute: 3",
            "jobs --help: 0",
            "frobnicate: 2");
  }
}
