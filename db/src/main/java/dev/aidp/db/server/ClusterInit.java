package dev.aidp.db.server;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Makes the data directory: under another name, so that a cluster that is there is a whole one.
record ClusterInit(Binaries binaries, Account account) {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String UNFINISHED = "data.new-";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  static String newPassword() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Makes the cluster with its user and database. The caller holds the [HomeLock].
  ///
  /// @throws AidpException (database) when it can't be made; nothing is left behind then
  void run(Cluster cluster) throws IOException {
    removeUnfinished(cluster.directory());
    Path unfinished =
        Files.createTempDirectory(cluster.directory(), UNFINISHED, OWNER_ONLY_DIRECTORY);
    Path password = Files.createTempFile(cluster.directory(), UNFINISHED, ".pw", OWNER_ONLY_FILE);
    try {
      account.own(unfinished);
      account.own(password);
      Files.writeString(password, cluster.password());
      initdb(cluster, unfinished, password);
      createDatabase(cluster, unfinished);
      Files.move(unfinished, cluster.data(), StandardCopyOption.ATOMIC_MOVE);
      Cluster.syncDirectory(cluster.directory());
    } finally {
      Files.deleteIfExists(password);
      Binaries.deleteTree(unfinished);
    }
  }

  /// Gives the database's user a new password, without the old one. The server must be down.
  void setPassword(Cluster cluster) throws IOException {
    singleUser(cluster, cluster.data(), "alter role aidp password '" + cluster.password() + "';\n");
  }

  private void initdb(Cluster cluster, Path data, Path password) throws IOException {
    Command.Result result =
        Command.of(
                List.of(
                    binaries.program("initdb").toString(),
                    "-D",
                    data.toString(),
                    "--username=" + Cluster.USER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions",
                    "--set=max_connections=200",
                    "--set=jit=off",
                    "--set=scram_iterations=1",
                    "--set=log_checkpoints=off",
                    "--set=log_timezone=UTC",
                    "--set=timezone=UTC"))
            .as(account)
            .in(cluster.directory())
            .within(LIMIT)
            .run();
    if (!result.succeeded()) {
      throw failure("initdb", cluster.directory(), result.output());
    }
  }

  private void createDatabase(Cluster cluster, Path data) throws IOException {
    singleUser(cluster, data, "create database aidp;\n");
  }

  /// One statement without a running server, which nobody can connect to meanwhile.
  private void singleUser(Cluster cluster, Path data, String sql) {
    Command.Result result =
        Command.of(
                List.of(
                    binaries.program("postgres").toString(),
                    "--single",
                    "-D",
                    data.toString(),
                    "postgres"))
            .as(account)
            .in(cluster.directory())
            .withInput(sql)
            .within(LIMIT)
            .run();
    // It ends well even when the statement failed.
    if (!result.succeeded() || result.output().contains("ERROR:")) {
      throw failure("postgres --single", cluster.directory(), result.output());
    }
  }

  private static AidpException failure(String program, Path directory, String output) {
    if (ServerLog.isFullDisk(output)) {
      return ServerLog.fullDisk(directory);
    }
    return new AidpException(
        ErrorCategory.DATABASE,
        "Making the embedded database in "
            + directory
            + " failed ("
            + program
            + "): "
            + ServerLog.lastError(output),
        "Mend that and try again, or set AIDP_DATABASE_URL to a PostgreSQL of your own");
  }

  /// What a killed process left behind.
  private static void removeUnfinished(Path directory) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, UNFINISHED + "*")) {
      for (Path leftover : leftovers) {
        Binaries.deleteTree(leftover);
      }
    }
  }
}
