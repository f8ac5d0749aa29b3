package dev.aidp.worker.provider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A prompt that is too long for an argument, in a file that the agent is told to read. Only the
/// user can read it; closing deletes it.
record PromptFile(Path path) implements AutoCloseable {
  /// Linux takes arguments of 128 KiB.
  private static final int MAX_ARGUMENT_BYTES = 100_000;

  static boolean isNeeded(String prompt) {
    return prompt.length() > MAX_ARGUMENT_BYTES / 4
        && prompt.getBytes(StandardCharsets.UTF_8).length > MAX_ARGUMENT_BYTES;
  }

  static PromptFile write(String prompt) throws IOException {
    return new PromptFile(Files.writeString(Files.createTempFile("aidp-prompt-", ".md"), prompt));
  }

  /// What is said instead of it.
  String prompt() {
    return "Your task is in the file " + path + ". Read all of it, and do what it says.";
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
