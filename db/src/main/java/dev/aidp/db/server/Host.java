package dev.aidp.db.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// What tells this machine, its boot and its pid namespace from others that may share a directory.
final class Host {
  private static final boolean LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");

  private Host() {}

  static boolean isLinux() {
    return LINUX;
  }

  static boolean isRoot() {
    if (!LINUX) {
      return System.getProperty("user.name").equals("root");
    }
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return false;
    }
  }

  /// Changes with each boot of the kernel; the same in all containers of it. Empty if unknown.
  static String bootId() {
    return LINUX
        ? read(Path.of("/proc/sys/kernel/random/boot_id"))
        : sysctl("kern.bootsessionuuid");
  }

  /// Process ids mean something only within it. Empty where the system has none.
  static String pidNamespace() {
    if (!LINUX) {
      return "";
    }
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /// The same before and after a reboot. Two parts, for images are cloned with their machine id,
  /// and host names are given twice.
  static String machine() {
    return LINUX
        ? read(Path.of("/etc/machine-id")) + "/" + read(Path.of("/proc/sys/kernel/hostname"))
        : sysctl("kern.uuid") + "/" + sysctl("kern.hostname");
  }

  /// Whether a process of this pid namespace is the postmaster of a data directory.
  ///
  /// @param dataDirectory as it was given to `pg_ctl`
  static boolean runsPostgres(long pid, Path dataDirectory) {
    if (!LINUX) {
      // Only the name of the program can be had without starting a process for it.
      Optional<ProcessHandle> process = ProcessHandle.of(pid);
      return process.isPresent()
          && process.get().info().command().map(c -> c.endsWith("/postgres")).orElse(false);
    }
    try {
      String commandLine =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
      return commandLine.split("\0", 2)[0].endsWith("/postgres")
          && commandLine.contains("\0-D\0" + dataDirectory + "\0");
    } catch (IOException e) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String sysctl(String name) {
    Command.Result result = Command.of("/usr/sbin/sysctl", "-n", name).run();
    return result.succeeded() ? result.output().strip() : "";
  }
}
