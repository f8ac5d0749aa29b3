package dev.aidp.cli.command;

import dev.aidp.cli.config.Configuration;
import dev.aidp.cli.job.ProviderChoice;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.db.read.CountUnserved;
import dev.aidp.db.read.ListPauses;
import dev.aidp.db.read.ListWorkers;
import dev.aidp.db.read.ListWorkers.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks at everything that a job needs, one thing after another.
final class Examination {
  private static final long LEAST_FREE_BYTES = 500L << 20;

  private final Session session;
  private final List<Finding> findings = new ArrayList<>();

  Examination(Session session) {
    this.session = session;
  }

  /// @param remedy null where all is well
  record Finding(String check, boolean ok, String message, @Nullable String remedy) {}

  private interface Check {
    String run() throws IOException;
  }

  List<Finding> run() {
    examine("configuration", this::configuration);
    examine("home", () -> writable(session.directories().make(""), "AIDP_HOME"));
    examine("workspace", () -> writable(session.directory(), "the workspace"));
    examine("disk", this::disk);
    if (isConfigurationReadable()) {
      examine("database", this::database);
      examine("provider", this::provider);
    }
    if (session.usedDatabase()) {
      examine("worker", this::worker);
      examine("limits", this::limits);
    }
    return findings;
  }

  /// What depends on it could only repeat what is wrong with it.
  private boolean isConfigurationReadable() {
    try {
      session.configuration();
      return true;
    } catch (AidpException e) {
      return false;
    }
  }

  private void examine(String name, Check check) {
    try {
      findings.add(new Finding(name, true, check.run(), null));
    } catch (AidpException e) {
      findings.add(new Finding(name, false, String.valueOf(e.getMessage()), e.remedy()));
    } catch (IOException e) {
      findings.add(new Finding(name, false, e.toString(), "Mend that, then try again"));
    } catch (Wrong e) {
      findings.add(new Finding(name, false, String.valueOf(e.getMessage()), e.remedy));
    }
  }

  private String configuration() {
    Configuration configuration = session.configuration();
    session.variables().workerCount();
    if (!configuration.ignoredKeys().isEmpty()) {
      throw new Wrong(
          configuration.workspaceFile()
              + ": ignored, for it is not trusted: "
              + String.join(", ", configuration.ignoredKeys()),
          "Read the file, then type `aidp trust`; or remove those keys");
    }
    return configuration.workspaceFile() == null
        ? "no aidp.yml"
        : configuration.workspaceFile().toString();
  }

  private static String writable(Path directory, String what) throws IOException {
    if (!Files.isWritable(directory)) {
      throw new Wrong(
          what + " " + directory + " is not writable",
          "Change its owner or mode: chmod u+w " + directory);
    }
    return directory + " is writable";
  }

  private String disk() throws IOException {
    long free = Files.getFileStore(session.directories().make("")).getUsableSpace();
    String message = (free >> 20) + " MiB are free for " + session.directories().home();
    if (free < LEAST_FREE_BYTES) {
      throw new Wrong("Only " + message, "Free some space, or set AIDP_HOME to another disk");
    }
    return message;
  }

  private String database() {
    // Opens a connection, and migrates if need be.
    session.database().id();
    return session.database().connections().address().display() + " answers";
  }

  private String provider() {
    return ProviderChoice.choose(null, session, session.configuration().settings()) + " is found";
  }

  private String worker() {
    List<Worker> workers =
        session.database().call(ListWorkers::live).stream()
            .filter(worker -> worker.host().equals(session.hostLabel()))
            .toList();
    int unserved =
        session
            .database()
            .call(connection -> CountUnserved.count(connection, session.hostLabel(), 1000));
    if (unserved > 0) {
      throw new Wrong(
          (unserved == 1 ? "1 job is" : unserved + " jobs are")
              + " queued that no worker of this host takes",
          session.mayStartWorkers()
              ? "Type `aidp worker` to see what keeps it from starting; its log is in "
                  + session.directories().home().resolve("logs")
              : "Type `aidp worker`, or unset AIDP_AUTO_WORKER");
    }
    return workers.isEmpty()
        ? "none runs, and none is needed"
        : workers.size() + " on " + session.hostLabel();
  }

  /// A limit that was met is nothing that a user could mend, but explains why jobs wait.
  private String limits() {
    List<ListPauses.Pause> pauses = session.database().call(ListPauses::active);
    return pauses.isEmpty()
        ? "no provider is at its usage limit"
        : pauses.stream().map(Pauses::text).collect(Collectors.joining("; "));
  }

  /// A check's finding that something is wrong.
  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    Wrong(String message, String remedy) {
      super(message);
      this.remedy = remedy;
    }
  }
}
