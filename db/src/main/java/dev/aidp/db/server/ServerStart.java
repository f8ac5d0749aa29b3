package dev.aidp.db.server;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Starts the server of a cluster that is not running. The caller holds the [HomeLock].
record ServerStart(Path control, Binaries binaries, Account account) {
  private static final int ATTEMPTS = 5;
  private static final int RECOVERY_SECONDS = 120;
  private static final int LOCK_HELD = 75;

  /// @return the cluster with the port that the server listens on
  /// @throws AidpException (database) saying why it does not start
  Cluster run(Cluster cluster) throws IOException {
    prepareLog(cluster);
    ServerLog log = new ServerLog(cluster.log());
    String failure = "";
    int port = cluster.port();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0 || !isFree(port)) {
        port = freePort();
      }
      Cluster started = cluster.startedBy(Owner.current(), port);
      started.write(control);
      long logged = log.size();
      Command.Result result = pgCtl(started);
      if (result.succeeded()) {
        return started;
      }
      failure = log.since(logged);
      if (result.exitCode() == LOCK_HELD) {
        throw stillEnding(cluster);
      }
      Optional<Postmaster> postmaster = Postmaster.read(cluster.data());
      if (postmaster.isPresent() && Host.runsPostgres(postmaster.get().pid(), cluster.data())) {
        throw stillRecovering(cluster);
      }
      if (!failure.contains("Address already in use")) {
        failure = failure.isBlank() ? result.output() : failure;
        break;
      }
    }
    throw failed(cluster, failure);
  }

  /// Detached: `pg_ctl` gives the server a session of its own, and its output goes to the log.
  private Command.Result pgCtl(Cluster cluster) {
    String options =
        "-p " + cluster.port() + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''";
    List<String> pgCtl =
        Command.of(
                binaries.program("pg_ctl").toString(),
                "start",
                "-s",
                "-w",
                "-t",
                Integer.toString(RECOVERY_SECONDS),
                "-D",
                cluster.data().toString(),
                "-l",
                cluster.log().toString(),
                "-o",
                options)
            .as(account)
            .words();
    return Command.of(holdingLock(cluster, pgCtl))
        .in(cluster.directory())
        .within(Duration.ofSeconds(RECOVERY_SECONDS + 30))
        .run();
  }

  /// All of the server's processes inherit the lock: so another container of this machine can tell
  /// whether any of them lives, though their process ids mean nothing there.
  private static List<String> holdingLock(Cluster cluster, List<String> command) {
    if (!Host.isLinux()) {
      return command;
    }
    List<String> words = new ArrayList<>();
    words.add("/bin/sh");
    words.add("-c");
    words.add(
        """
        exec 9>>"$1" || exit 1
        shift
        tries=0
        while command -v flock >/dev/null 2>&1; do
          flock -n 9 2>/dev/null
          # 1: held; others: the file system has no such locks.
          if [ $? -ne 1 ]; then break; fi
          tries=$((tries + 1))
          if [ $tries -gt 100 ]; then exit 75; fi
          sleep 0.1
        done
        exec "$@"
        """);
    words.add("sh");
    words.add(cluster.alive().toString());
    words.addAll(command);
    return words;
  }

  private void prepareLog(Cluster cluster) throws IOException {
    if (!Files.exists(cluster.log())) {
      Files.createFile(
          cluster.log(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    account.own(cluster.log());
  }

  static boolean isFree(int port) {
    return port > 0 && bind(port) == port;
  }

  static int freePort() throws IOException {
    int port = bind(0);
    if (port < 0) {
      throw new IOException("no free port on 127.0.0.1");
    }
    return port;
  }

  private static int bind(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      socket.bind(new InetSocketAddress(loopback, port), 1);
      return socket.getLocalPort();
    } catch (IOException e) {
      return -1;
    }
  }

  private static AidpException stillEnding(Cluster cluster) {
    return new AidpException(
        ErrorCategory.DATABASE,
        "Processes of the embedded PostgreSQL in " + cluster.data() + " are still ending",
        "Try again in a moment");
  }

  private static AidpException stillRecovering(Cluster cluster) {
    return new AidpException(
        ErrorCategory.DATABASE,
        "The embedded PostgreSQL is still recovering after "
            + RECOVERY_SECONDS
            + " s; its log is "
            + cluster.log(),
        "Try again in a while; it goes on meanwhile");
  }

  private static AidpException failed(Cluster cluster, String log) {
    if (ServerLog.isFullDisk(log)) {
      return ServerLog.fullDisk(cluster.directory());
    }
    return new AidpException(
        ErrorCategory.DATABASE,
        "The embedded PostgreSQL does not start: " + ServerLog.lastError(log),
        "Look into " + cluster.log() + ", or set AIDP_DATABASE_URL to a PostgreSQL of your own");
  }
}
