package dev.aidp.db.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Who started a server. `postmaster.pid` alone can't be believed where containers or machines
/// share `AIDP_HOME`: the process that it names is another's, or none, while the server lives.
record Owner(String bootId, String pidNamespace, String machine) {
  /// File systems of one kernel only: whoever else could run the server runs on this very boot.
  private static final Set<String> LOCAL_FILE_SYSTEMS =
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "zfs",
          "f2fs",
          "bcachefs",
          "overlay",
          "tmpfs",
          "apfs",
          "hfs");

  /// What can be said of a server that an owner started.
  enum Server {
    /// Its process id can be believed.
    OURS,
    /// It can't be alive any more.
    DEAD,
    /// It is, or may be, alive where this process can't see it.
    ELSEWHERE
  }

  static Owner current() {
    return new Owner(Host.bootId(), Host.pidNamespace(), Host.machine());
  }

  boolean isHere() {
    // On macOS it would cost a process to ask, and there are no pid namespaces to mistake.
    return !Host.isLinux()
        || (bootId.equals(Host.bootId()) && pidNamespace.equals(Host.pidNamespace()));
  }

  Server judge(Cluster cluster) throws IOException {
    if (!Files.exists(Postmaster.file(cluster.data()))) {
      // A clean end removes it.
      return Server.DEAD;
    }
    boolean local = LOCAL_FILE_SYSTEMS.contains(Files.getFileStore(cluster.data()).type());
    Owner current = current();
    if (!bootId.equals(current.bootId())) {
      return local || machine.equals(current.machine()) ? Server.DEAD : Server.ELSEWHERE;
    }
    if (pidNamespace.equals(current.pidNamespace())) {
      return Server.OURS;
    }
    return local && isUnlocked(cluster.alive()) ? Server.DEAD : Server.ELSEWHERE;
  }

  private static boolean isUnlocked(Path alive) {
    return Files.exists(alive)
        && Command.of("flock", "-n", alive.toString(), "true").run().succeeded();
  }
}
