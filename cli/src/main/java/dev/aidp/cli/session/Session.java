package dev.aidp.cli.session;

import dev.aidp.cli.config.Configuration;
import dev.aidp.cli.config.Variables;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Streams;
import dev.aidp.worker.host.HostLabel;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one invocation works with. Everything is found out only when it is asked for. For one
/// thread; closed by whoever made it.
public final class Session implements AutoCloseable {
  private final Console console;
  private final Variables variables;
  private final Path directory;
  private @Nullable Directories directories;
  private @Nullable Configuration configuration;
  private @Nullable Database database;
  private @Nullable String hostLabel;
  private boolean workersForbidden;

  /// @param environment that of the caller
  /// @param directory absolute: where the caller is
  public Session(Console console, Map<String, String> environment, Path directory) {
    this.console = console;
    this.variables = new Variables(Map.copyOf(environment));
    this.directory = directory;
  }

  /// Another one for another thread, while a screen has the terminal: it has a connection of its
  /// own, and prints nothing. The caller closes it.
  ///
  /// @param notes gets what it would have printed to stderr
  public Session beside(OutputStream notes) {
    Streams streams =
        Streams.piped(InputStream.nullInputStream(), OutputStream.nullOutputStream(), notes);
    Session other = new Session(new Console(streams, environment()), environment(), directory);
    other.workersForbidden = workersForbidden;
    return other;
  }

  public Console console() {
    return console;
  }

  public Variables variables() {
    return variables;
  }

  public Map<String, String> environment() {
    return variables.environment();
  }

  /// Where the caller is.
  public Path directory() {
    return directory;
  }

  public Directories directories() {
    if (directories == null) {
      directories = Directories.of(variables.environment(), directory);
    }
    return directories;
  }

  /// That of the caller's directory.
  public Configuration configuration() {
    if (configuration == null) {
      configuration = Configuration.load(directory, directories().config());
    }
    return configuration;
  }

  /// That of another directory.
  public Configuration configuration(Path workspace) {
    return workspace.equals(directory)
        ? configuration()
        : Configuration.load(workspace, directories().config());
  }

  /// The database; nothing is opened yet.
  public Database database() {
    if (database == null) {
      database = new Database(this);
    }
    return database;
  }

  /// Whether this invocation has used the database.
  public boolean usedDatabase() {
    return database != null && database.opened();
  }

  /// The name under which this host takes jobs.
  public String hostLabel() {
    if (hostLabel == null) {
      hostLabel = HostLabel.resolve(directories().home(), variables.environment());
    }
    return hostLabel;
  }

  /// Whether this invocation may start background workers: neither `AIDP_AUTO_WORKER` nor an option
  /// has said no.
  public boolean mayStartWorkers() {
    return !workersForbidden && variables.autoWorker();
  }

  /// `--no-worker`.
  public void forbidWorkers() {
    workersForbidden = true;
  }

  /// Whether it runs inside a job, whose slot it holds.
  public boolean insideJob() {
    return variables.text("AIDP_EXECUTION") != null;
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
