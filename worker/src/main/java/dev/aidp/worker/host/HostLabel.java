package dev.aidp.worker.host;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The name of this host in the database: `AIDP_HOST`, else one that was made once and is kept in
/// `AIDP_HOME/host`. The random end keeps apart machines of one name.
public final class HostLabel {
  /// The environment variable that overrides the kept label.
  public static final String VARIABLE = "AIDP_HOST";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int LONGEST_NAME = 40;

  private HostLabel() {}

  /// The label of this host, made and kept at the first call. Callers at once get the same one.
  ///
  /// @throws AidpException if `AIDP_HOST` or the file holds no label, or it can't be written
  public static String resolve(Path aidpHome, Map<String, String> environment) {
    String given = environment.getOrDefault(VARIABLE, "");
    if (!given.isEmpty()) {
      return check(given, ErrorCategory.USAGE, VARIABLE, "Set it to letters, digits and . _ -");
    }
    Path file = aidpHome.resolve("host");
    try {
      return kept(file);
    } catch (NoSuchFileException e) {
      return make(file);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /// Written elsewhere and linked to its place, which only one of many callers can do: no reader
  /// ever sees half a label, and all get the same.
  private static String make(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path own = Files.createTempFile(file.toAbsolutePath().getParent(), ".host-", "");
      try {
        Files.writeString(own, newLabel() + "\n");
        link(own, file);
      } catch (FileAlreadyExistsException e) {
        // Another process was first.
      } finally {
        Files.deleteIfExists(own);
      }
      return kept(file);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static void link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // A file system without hard links: here a reader may come between making and writing.
      Files.writeString(to, Files.readString(from), StandardOpenOption.CREATE_NEW);
    }
  }

  private static String kept(Path file) throws IOException {
    return check(
        Files.readString(file).strip(),
        ErrorCategory.INTERNAL,
        file.toString(),
        "Restore its content, or delete it: jobs queued from this host then need their old label in"
            + " "
            + VARIABLE);
  }

  private static String check(String label, ErrorCategory category, String where, String remedy) {
    if (!FORM.matcher(label).matches()) {
      throw new AidpException(category, where + " is no host label: '" + label + "'", remedy);
    }
    return label;
  }

  private static String newLabel() {
    String name = HostFacts.hostName().toLowerCase(Locale.ROOT).split("\\.", 2)[0];
    String clean = name.replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
    String start = clean.isEmpty() ? "host" : clean;
    return start.substring(0, Math.min(start.length(), LONGEST_NAME))
        + "-"
        + Integer.toHexString(0x10000 | new SecureRandom().nextInt(0x10000)).substring(1);
  }

  private static AidpException failure(Path file, IOException e) {
    return new AidpException(
        ErrorCategory.INTERNAL,
        "The host label can't be kept in " + file + ": " + e,
        "Make AIDP_HOME writable, or set " + VARIABLE,
        e);
  }
}
