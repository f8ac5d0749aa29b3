package dev.aidp.db.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells quickly whether containers can be had: Testcontainers itself tries for long, and logs
/// much.
final class DockerEngine {
  private static final int CONNECT_MILLIS = 1000;

  private DockerEngine() {}

  static boolean answers() {
    return hasTestcontainers() && accepts(System.getenv().getOrDefault("DOCKER_HOST", ""));
  }

  /// Modules that use this test-jar need not depend on it.
  private static boolean hasTestcontainers() {
    return DockerEngine.class
            .getClassLoader()
            .getResource("org/testcontainers/postgresql/PostgreSQLContainer.class")
        != null;
  }

  private static boolean accepts(String dockerHost) {
    URI uri = URI.create(dockerHost.isBlank() ? "unix:///var/run/docker.sock" : dockerHost);
    try {
      if (uri.getHost() == null) {
        return acceptsAt(Path.of(uri.getPath()));
      }
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), CONNECT_MILLIS);
        return true;
      }
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean acceptsAt(Path path) throws IOException {
    if (!Files.isWritable(path)) {
      return false;
    }
    SocketAddress address = UnixDomainSocketAddress.of(path);
    try (SocketChannel channel = SocketChannel.open(address)) {
      return channel.isConnected();
    }
  }
}
