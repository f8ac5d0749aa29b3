package dev.aidp.db.server;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The PostgreSQL that aidp runs for a user: started on first use, shared by all of the user's aidp
/// processes, outliving them, durable at power-off, on loopback only, with a password.
///
/// All of it lies in `AIDP_HOME/postgres`. Safe for use by several threads and processes.
public final class EmbeddedServer {
  /// `pg_ctl` and `initdb` put paths between double quotes and hand them to a shell.
  private static final Pattern UNQUOTABLE = Pattern.compile("[\"$`\\\\\\p{Cntrl}]");

  private static final Path OTHER_ACCOUNTS_HOME = Path.of("/var/lib/aidp");

  private final Path home;
  private final Path otherAccountsHome;
  private final Account.Choice choice;

  EmbeddedServer(Path home, Path otherAccountsHome, Account.Choice choice) {
    this.home = home.toAbsolutePath().normalize();
    this.otherAccountsHome = otherAccountsHome;
    this.choice = choice;
  }

  /// The server of one home, which may be running or not.
  ///
  /// @param home `AIDP_HOME`; need not exist yet
  public static EmbeddedServer at(Path home) {
    return new EmbeddedServer(home, OTHER_ACCOUNTS_HOME, Account.Choice.ofThisProcess());
  }

  /// Where the server listens; starts it, and makes it first, if need be. Quick when it runs.
  ///
  /// @throws AidpException (database) saying why it can't be started
  public DatabaseAddress start() {
    try {
      Optional<DatabaseAddress> running = findRunning();
      if (running.isPresent()) {
        Files.deleteIfExists(stoppedMarker());
        return running.get();
      }
      return startLocked();
    } catch (IOException e) {
      throw failure("started", e);
    }
  }

  /// As [#start()], unless [#stop] was said since: for programs that run on by themselves and must
  /// not undo what a person did. Empty then.
  public Optional<DatabaseAddress> startUnlessStopped() {
    return Files.exists(stoppedMarker()) ? running() : Optional.of(start());
  }

  /// Where the server listens, if it runs and is ready.
  public Optional<DatabaseAddress> running() {
    try {
      return findRunning();
    } catch (IOException e) {
      throw failure("looked for", e);
    }
  }

  /// Stops the server, ending its connections, and keeps [#startUnlessStopped] from starting it.
  ///
  /// @return whether there was one to stop
  /// @throws AidpException (database) when it does not end in time, or is another machine's
  public boolean stop(Duration timeout) {
    try {
      Path control = makeControl();
      try (HomeLock _ = HomeLock.acquire(control)) {
        if (!Files.exists(stoppedMarker())) {
          Files.createFile(stoppedMarker());
        }
        Optional<Cluster> cluster = Cluster.read(control);
        return cluster.isPresent() && stop(cluster.get(), timeout);
      }
    } catch (IOException e) {
      throw failure("stopped", e);
    }
  }

  /// What can be said of the server without changing anything.
  public ServerStatus status() {
    try {
      Cluster cluster = cluster();
      Optional<Postmaster> postmaster = Postmaster.read(cluster.data());
      boolean here =
          postmaster.isPresent()
              && cluster.owner().isHere()
              && Host.runsPostgres(postmaster.get().pid(), cluster.data());
      ServerStatus.State state;
      if (!Files.exists(cluster.data())) {
        state = ServerStatus.State.ABSENT;
      } else if (here) {
        state = postmaster.get().ready() ? ServerStatus.State.RUNNING : ServerStatus.State.CHANGING;
      } else if (cluster.owner().judge(cluster) == Owner.Server.ELSEWHERE) {
        state = ServerStatus.State.ELSEWHERE;
      } else {
        state = ServerStatus.State.STOPPED;
      }
      return new ServerStatus(
          state,
          here ? postmaster.get().pid() : null,
          here ? postmaster.get().port() : null,
          cluster.data(),
          cluster.log(),
          Files.exists(stoppedMarker()));
    } catch (IOException e) {
      throw failure("looked at", e);
    }
  }

  /// Where its data is, or will be.
  public Path dataDirectory() {
    return status().dataDirectory();
  }

  /// Where it logs to, or will.
  public Path logFile() {
    return status().logFile();
  }

  private Cluster cluster() throws IOException {
    Path control = Files.exists(control()) ? control().toRealPath() : control();
    return Cluster.read(control)
        .orElseGet(() -> new Cluster(control, "", 0, new Owner("", "", "")));
  }

  private Path control() {
    return home.resolve("postgres");
  }

  private Path stoppedMarker() {
    return control().resolve("stopped");
  }

  private Optional<DatabaseAddress> findRunning() throws IOException {
    if (!Files.exists(control())) {
      return Optional.empty();
    }
    Optional<Cluster> cluster = Cluster.read(control().toRealPath());
    return cluster.isPresent() ? findRunning(cluster.get()) : Optional.empty();
  }

  private static Optional<DatabaseAddress> findRunning(Cluster cluster) throws IOException {
    Optional<Postmaster> postmaster = Postmaster.read(cluster.data());
    if (postmaster.isEmpty() || !postmaster.get().ready()) {
      return Optional.empty();
    }
    DatabaseAddress address = cluster.address(postmaster.get().port());
    if (cluster.owner().isHere()) {
      if (!Host.runsPostgres(postmaster.get().pid(), cluster.data())) {
        return Optional.empty();
      }
      new ServerLog(cluster.log()).bound();
      return Optional.of(address);
    }
    // A sandbox has a pid namespace of its own, but often the network of its machine.
    return cluster.owner().judge(cluster) == Owner.Server.ELSEWHERE && accepts(address)
        ? Optional.of(address)
        : Optional.empty();
  }

  /// That it knows our password, and we its, proves that it is the server of this home.
  private static boolean accepts(DatabaseAddress address) {
    try {
      Connections.to(address).open("probe").close();
      return true;
    } catch (AidpException | SQLException e) {
      return false;
    }
  }

  private DatabaseAddress startLocked() throws IOException {
    Path control = makeControl();
    try (HomeLock _ = HomeLock.acquire(control)) {
      Files.deleteIfExists(stoppedMarker());
      Optional<Cluster> known = Cluster.read(control);
      if (known.isPresent()) {
        Optional<DatabaseAddress> running = awaitChanging(known.get());
        if (running.isPresent()) {
          return running.get();
        }
        forgetDead(known.get());
      }
      Path directory = known.map(Cluster::directory).orElse(control);
      Account account = choice.choose(Cluster.data(directory));
      if (known.isEmpty() && account.isOther()) {
        directory = directoryFor(account, control);
      }
      Binaries binaries = Binaries.in(directory);
      Cluster cluster = prepare(control, directory, known, binaries, account);
      Cluster started = new ServerStart(control, binaries, account).run(cluster);
      return started.address(started.port());
    }
  }

  /// Waits for a server that a killed process left starting, or that is still stopping.
  private static Optional<DatabaseAddress> awaitChanging(Cluster cluster) throws IOException {
    Optional<DatabaseAddress> running = findRunning(cluster);
    Optional<Postmaster> postmaster = Postmaster.read(cluster.data());
    if (running.isPresent()
        || postmaster.isEmpty()
        || !cluster.owner().isHere()
        || !Host.runsPostgres(postmaster.get().pid(), cluster.data())) {
      return running;
    }
    return ServerWait.untilSettled(cluster) ? findRunning(cluster) : Optional.empty();
  }

  /// PostgreSQL itself would not start where the process id in `postmaster.pid` is somebody's.
  private static void forgetDead(Cluster cluster) throws IOException {
    if (cluster.owner().judge(cluster) == Owner.Server.ELSEWHERE) {
      throw elsewhere(cluster);
    }
    Files.deleteIfExists(Postmaster.file(cluster.data()));
  }

  private static AidpException elsewhere(Cluster cluster) {
    return new AidpException(
        ErrorCategory.DATABASE,
        "The embedded PostgreSQL in "
            + cluster.data()
            + " belongs to another machine or container ("
            + cluster.owner().machine()
            + "), where it may be running",
        "Set AIDP_DATABASE_URL to one PostgreSQL for all, or give each its own AIDP_HOME (if that"
            + " machine is gone for good, remove "
            + Postmaster.file(cluster.data())
            + ")");
  }

  private Cluster prepare(
      Path control, Path directory, Optional<Cluster> known, Binaries binaries, Account account)
      throws IOException {
    ClusterInit init = new ClusterInit(binaries, account);
    Path data = Cluster.data(directory);
    if (Files.exists(data)) {
      refuseOtherVersion(data);
      account.ownAll(data);
      if (known.isPresent()) {
        return known.get();
      }
    }
    Cluster cluster = new Cluster(directory, ClusterInit.newPassword(), 0, Owner.current());
    if (Files.exists(data)) {
      // The file with its password is gone.
      init.setPassword(cluster);
    } else {
      cluster.write(control);
      init.run(cluster);
    }
    cluster.write(control);
    return cluster;
  }

  private static void refuseOtherVersion(Path data) throws IOException {
    String version = Files.readString(data.resolve("PG_VERSION")).strip();
    if (!version.equals(Integer.toString(Binaries.MAJOR))) {
      throw new AidpException(
          ErrorCategory.DATABASE,
          "The embedded database in "
              + data
              + " was made by PostgreSQL "
              + version
              + ", but this aidp brings PostgreSQL "
              + Binaries.MAJOR,
          "Use the aidp that made it, or set AIDP_HOME to another directory to begin anew");
    }
  }

  /// Root's home is closed to other users; what lies in it has to be elsewhere then.
  private Path directoryFor(Account account, Path control) throws IOException {
    Permissions.letPass(home);
    Permissions.letPass(control);
    boolean reachable =
        Command.of("/bin/sh", "-c", "cd \"$1\"", "sh", control.toString())
            .as(account)
            .run()
            .succeeded();
    if (reachable) {
      return control;
    }
    Path directory = otherAccountsHome.resolve(Integer.toHexString(control.toString().hashCode()));
    Files.createDirectories(directory);
    Permissions.letPass(otherAccountsHome);
    Permissions.letPass(directory);
    return directory.toRealPath();
  }

  private Path makeControl() throws IOException {
    if (UNQUOTABLE.matcher(home.toString()).find()) {
      throw new AidpException(
          ErrorCategory.DATABASE,
          "AIDP_HOME holds a character that PostgreSQL's programs can't handle (one of \" $ ` \\"
              + " or a control character)",
          "Set AIDP_HOME to a plain path");
    }
    if (!Files.exists(control())) {
      Files.createDirectories(home);
      Permissions.makePrivate(control());
    }
    return control().toRealPath();
  }

  private static boolean stop(Cluster cluster, Duration timeout) throws IOException {
    Optional<Postmaster> postmaster = Postmaster.read(cluster.data());
    if (postmaster.isEmpty()) {
      return false;
    }
    if (!cluster.owner().isHere()) {
      if (cluster.owner().judge(cluster) == Owner.Server.ELSEWHERE) {
        throw elsewhere(cluster);
      }
      return false;
    }
    long pid = postmaster.get().pid();
    if (!Host.runsPostgres(pid, cluster.data())) {
      return false;
    }
    // SIGINT: a fast shutdown. Java can only send TERM, which waits for all clients to leave.
    Command.of("/bin/sh", "-c", "kill -INT \"$1\"", "sh", Long.toString(pid)).run();
    if (!ServerWait.untilGone(pid, cluster, timeout)) {
      throw new AidpException(
          ErrorCategory.DATABASE,
          "The embedded PostgreSQL (pid "
              + pid
              + ") did not stop within "
              + timeout.toSeconds()
              + " s",
          "It goes on stopping; look into " + cluster.log());
    }
    return true;
  }

  private AidpException failure(String what, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (ServerLog.isFullDisk(message)) {
      return ServerLog.fullDisk(control());
    }
    return new AidpException(
        ErrorCategory.DATABASE,
        "The embedded PostgreSQL in "
            + control()
            + " can't be "
            + what
            + ": "
            + e.getClass().getSimpleName()
            + ": "
            + message,
        "Mend that, set AIDP_HOME to another directory, or set AIDP_DATABASE_URL",
        e);
  }
}
