package dev.aidp.cli.session;

import dev.aidp.cli.config.Variables;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/// The name under which this host takes jobs: made once and kept, so that a changed host name
/// strands no job, and not the bare host name, for containers share those.
final class HostLabel {
  private static final int MAX_LENGTH = 100;

  private HostLabel() {}

  static String of(Variables variables, Directories directories) {
    String chosen = variables.text("AIDP_HOST");
    if (chosen != null) {
      if (!isValid(chosen)) {
        throw new AidpException(
            ErrorCategory.USAGE,
            "AIDP_HOST is '" + chosen + "', which is no host label",
            "Use up to " + MAX_LENGTH + " letters, digits, dots, hyphens and underscores");
      }
      return chosen;
    }
    Path file = directories.make("").resolve("host");
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      String label = Files.readString(file).strip();
      if (isValid(label)) {
        return label;
      }
      throw new AidpException(
          ErrorCategory.USAGE,
          file + " holds no host label",
          "Write one word into it, or remove it");
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.INTERNAL,
          "The host label in " + file + " can't be read: " + Directories.reason(e),
          "Set AIDP_HOME to a directory that you can write to",
          e);
    }
  }

  private static boolean isValid(String label) {
    return label.length() <= MAX_LENGTH && label.matches("[A-Za-z0-9._-]+");
  }

  /// Linked into place when whole: of several processes that make it at once, one wins.
  private static void make(Path file) throws IOException {
    byte[] suffix = new byte[3];
    new SecureRandom().nextBytes(suffix);
    String label = hostName() + "-" + HexFormat.of().formatHex(suffix);
    Path whole = Files.createTempFile(file.getParent(), "host", null);
    try {
      Files.writeString(whole, label + "\n");
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException e) {
      // Somebody else made it in the meantime.
    } catch (UnsupportedOperationException e) {
      Files.move(whole, file);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static String hostName() {
    String name = "";
    try {
      Path kernel = Path.of("/proc/sys/kernel/hostname");
      name =
          Files.isReadable(kernel)
              ? Files.readString(kernel)
              : InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // The suffix alone tells hosts apart.
    } catch (IOException e) {
      // As above.
    }
    String plain =
        name.strip().toLowerCase(Locale.ROOT).replaceAll("\\..*", "").replaceAll("[^a-z0-9-]", "");
    return plain.isEmpty() ? "host" : plain.substring(0, Math.min(40, plain.length()));
  }
}
