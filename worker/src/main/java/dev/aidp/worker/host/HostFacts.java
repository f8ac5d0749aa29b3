package dev.aidp.worker.host;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the system tells of itself. Empty where it tells nothing.
final class HostFacts {
  private HostFacts() {}

  static String bootId() {
    Path linux = Path.of("/proc/sys/kernel/random/boot_id");
    try {
      return Files.exists(linux)
          ? Files.readString(linux).strip()
          : output("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid");
    } catch (IOException e) {
      return "";
    }
  }

  static String pidNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /// The machine's name, of which only the first label says anything.
  static String hostName() {
    try {
      Path linux = Path.of("/proc/sys/kernel/hostname");
      String name = Files.exists(linux) ? Files.readString(linux) : output("/bin/hostname");
      return name.strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
