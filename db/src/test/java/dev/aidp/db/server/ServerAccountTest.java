package dev.aidp.db.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Root where user namespaces are off, as in most containers.
class ServerAccountTest {
  private static final Account.Choice NO_NAMESPACES = new Account.Choice(true, List.of("false"));

  @BeforeAll
  static void onlyRootCanBecomeSomebodyElse() {
    assumeTrue(Host.isRoot() && Host.isLinux());
  }

  @Test
  void rootRunsItAsAnotherUserInItsHome(@TempDir Path parent) throws Exception {
    Permissions.letPass(parent);
    Path home = parent.resolve("home");
    EmbeddedServer server = new EmbeddedServer(home, parent.resolve("unused"), NO_NAMESPACES);
    startsAndStops(server, home.resolve("postgres/data"));
    assertThat(parent.resolve("unused")).doesNotExist();
  }

  @Test
  void rootRunsItElsewhereWhenNobodyElseMayEnterItsHome(@TempDir Path parent) throws Exception {
    Permissions.letPass(parent);
    Path closed =
        Files.createDirectory(
            parent.resolve("root"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path elsewhere = parent.resolve("elsewhere");
    Path home = closed.resolve("aidp");
    EmbeddedServer server = new EmbeddedServer(home, elsewhere, NO_NAMESPACES);
    startsAndStops(server, elsewhere);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(closed)))
        .isEqualTo("rwx------");
    assertThat(home.resolve("postgres/data")).doesNotExist();
  }

  @Test
  void namesWhatPostgresCannotBeGiven(@TempDir Path parent) {
    EmbeddedServer server = EmbeddedServer.at(parent.resolve("a$(touch b)"));
    assertThatThrownBy(server::start)
        .isInstanceOf(AidpException.class)
        .hasMessageContaining("AIDP_HOME holds a character");
  }

  private static void startsAndStops(EmbeddedServer server, Path data) throws Exception {
    try {
      Connections.to(server.start()).open("test").close();
      assertThat(server.dataDirectory()).startsWith(data);
      assertThat((int) Files.getAttribute(server.dataDirectory(), "unix:uid")).isNotZero();
      long pid = Objects.requireNonNull(server.status().pid());
      assertThat((int) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")).isNotZero();
      // What was made as another user is used as that user, even where namespaces are back.
      server.stop(Duration.ofMinutes(1));
      Connections.to(server.start()).open("test").close();
    } finally {
      assertThat(server.stop(Duration.ofMinutes(1))).isTrue();
    }
  }
}
