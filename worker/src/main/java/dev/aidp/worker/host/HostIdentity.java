package dev.aidp.worker.host;

import dev.aidp.worker.process.ProcessStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/// Where this process runs and which one it is, so that another worker can tell whether it is gone.
///
/// @param label the host label: what jobs of this host's directories are queued with
/// @param bootId changes with every boot of the machine; empty where the system tells none
/// @param pidNamespace pids mean something only within it (containers); empty where there are none
/// @param pid this process
/// @param startTicks when this process started: a later process of the same pid has another one
public record HostIdentity(
    String label, String bootId, String pidNamespace, long pid, long startTicks) {

  /// The identity of this process.
  ///
  /// @param aidpHome `AIDP_HOME`; made if it is missing, and the host label with it
  /// @param environment where `AIDP_HOST` may stand
  /// @throws dev.aidp.core.error.AidpException if `AIDP_HOST` is no label, or the label can't be
  ///   kept
  public static HostIdentity current(Path aidpHome, Map<String, String> environment) {
    long pid = ProcessHandle.current().pid();
    return new HostIdentity(
        HostLabel.resolve(aidpHome, environment),
        HostFacts.bootId(),
        HostFacts.pidNamespace(),
        pid,
        ProcessStart.ticks(pid).orElse(0));
  }

  /// Whether a worker's pid is visible from here: the same host, boot and pid namespace.
  public boolean sees(HostIdentity other) {
    return label.equals(other.label)
        && !bootId.isEmpty()
        && bootId.equals(other.bootId)
        && pidNamespace.equals(other.pidNamespace);
  }

  /// Whether that worker is certainly dead. False whenever it can't be told, so that nobody is
  /// declared dead for being out of sight.
  public boolean isGone(HostIdentity other) {
    return sees(other) && isGone(other.pid, other.startTicks);
  }

  /// Whether the process that had this pid and start is gone; for one that [#sees] holds for.
  public boolean isGone(long otherPid, long otherStartTicks) {
    OptionalLong start = ProcessStart.ticks(otherPid);
    if (start.isPresent()) {
      return otherStartTicks != 0 && !ProcessStart.same(start.getAsLong(), otherStartTicks);
    }
    // Under hidepid another user's processes look gone.
    boolean hidden = Files.exists(Path.of("/proc/self")) && !Files.exists(Path.of("/proc/1/stat"));
    return !hidden;
  }
}
