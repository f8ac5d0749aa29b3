package dev.aidp.db.server;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whom the server runs as. PostgreSQL refuses to run as root.
///
/// @param prefix goes before each command; empty where the caller is not root
/// @param uid of the owner that the server's files need, [#CALLER] for the caller's own
record Account(List<String> prefix, int uid, int gid) {
  static final int CALLER = -1;

  private static final Account SELF = new Account(List.of(), CALLER, CALLER);
  private static final int ROOT = 0;
  private static final int OVERFLOW = 65534;

  /// Whether the files must belong to somebody other than the caller.
  boolean isOther() {
    return uid != CALLER;
  }

  void own(Path path) throws IOException {
    if (isOther()) {
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    }
  }

  void ownAll(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        own(path);
      }
    }
  }

  /// How an account is chosen; a value, so that a test can take user namespaces away.
  ///
  /// @param namespace the command that leaves root's identity behind in a namespace of its own
  record Choice(boolean root, List<String> namespace) {
    static Choice ofThisProcess() {
      return new Choice(Host.isRoot(), List.of("unshare", "-U"));
    }

    /// @param data the data directory, which may not exist yet
    /// @throws AidpException (database) when root has no way to become somebody else
    Account choose(Path data) {
      if (!root) {
        return SELF;
      }
      int owner = ownerOf(data);
      if (owner == ROOT || owner == CALLER) {
        Command probe = Command.of(Stream.concat(namespace.stream(), Stream.of("true")).toList());
        if (Host.isLinux() && probe.run().succeeded()) {
          return new Account(namespace, CALLER, CALLER);
        }
        return other(
            user("postgres").or(() -> user("nobody")).orElse(new User(OVERFLOW, OVERFLOW)));
      }
      return other(new User(owner, groupOf(data)));
    }

    private static Account other(User user) {
      String uid = Integer.toString(user.uid());
      String gid = Integer.toString(user.gid());
      List<List<String>> ways =
          List.of(
              List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"),
              List.of("runuser", "-u", user.name(), "--"),
              List.of("sudo", "-n", "-u", "#" + uid, "--"));
      for (List<String> way : ways) {
        Command probe = Command.of(Stream.concat(way.stream(), Stream.of("true")).toList());
        if (probe.run().succeeded()) {
          return new Account(way, user.uid(), user.gid());
        }
      }
      throw new AidpException(
          ErrorCategory.DATABASE,
          "The embedded PostgreSQL can't run as root, and neither unshare, setpriv, runuser nor"
              + " sudo could run it as somebody else",
          "Run aidp as another user, or set AIDP_DATABASE_URL to a PostgreSQL of your own");
    }
  }

  private record User(int uid, int gid) {
    String name() {
      try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
        return lines
            .map(line -> line.split(":", -1))
            .filter(f -> f.length > 3 && f[2].equals(Integer.toString(uid)))
            .map(f -> f[0])
            .findFirst()
            .orElse("nobody");
      } catch (IOException e) {
        return "nobody";
      }
    }
  }

  private static Optional<User> user(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(f -> f.length > 3 && f[0].equals(name))
          .filter(f -> f[2].matches("[0-9]{1,9}") && f[3].matches("[0-9]{1,9}"))
          .map(f -> new User(Integer.parseInt(f[2]), Integer.parseInt(f[3])))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int ownerOf(Path path) {
    return attribute(path, "unix:uid");
  }

  private static int groupOf(Path path) {
    return attribute(path, "unix:gid");
  }

  private static int attribute(Path path, String name) {
    try {
      return (int) Files.getAttribute(path, name);
    } catch (IOException e) {
      return CALLER;
    }
  }
}
