package dev.aidp.worker.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Puts a program into a session of its own, so that a terminal's signals (Ctrl-C, hang-up) do not
/// reach it: by `setsid` where there is one, else (macOS) by perl. Both execute the program in
/// their own place, so that its pid is that of the process which was started.
final class OwnSession {
  private static final String PERL_SESSION =
      "POSIX::setsid(); exec {$ARGV[0]} @ARGV; print STDERR \"$ARGV[0]: $!\\n\"; exit 127";
  private static final String PERL_DAEMON =
      "my $pid = fork; exit 1 unless defined $pid; exit 0 if $pid; " + PERL_SESSION;

  private final List<String> prefix;
  private final List<String> daemonPrefix;
  private final Map<String, String> variables;

  private OwnSession(
      List<String> prefix, List<String> daemonPrefix, Map<String, String> variables) {
    this.prefix = prefix;
    this.daemonPrefix = daemonPrefix;
    this.variables = variables;
  }

  static OwnSession ofThisHost() {
    for (String directory : List.of("/usr/bin", "/bin", "/usr/local/bin")) {
      Path setsid = Path.of(directory, "setsid");
      if (Files.isExecutable(setsid)) {
        return bySetsid(setsid);
      }
    }
    return byPerl();
  }

  /// BusyBox has no `--fork`. A shell's `&` does the same there, but for the signals INT and QUIT,
  /// which the program then ignores.
  private static OwnSession bySetsid(Path setsid) {
    boolean busyBox = Files.isSymbolicLink(setsid);
    List<String> daemon =
        busyBox
            ? List.of("/bin/sh", "-c", "\"$@\" &", "sh", setsid.toString(), "--")
            : List.of(setsid.toString(), "--fork", "--");
    return new OwnSession(List.of(setsid.toString(), "--"), daemon, Map.of());
  }

  /// perl complains on stderr about a locale that it does not know, unless told otherwise.
  static OwnSession byPerl() {
    return new OwnSession(
        List.of("/usr/bin/perl", "-MPOSIX", "-e", PERL_SESSION, "--"),
        List.of("/usr/bin/perl", "-MPOSIX", "-e", PERL_DAEMON, "--"),
        Map.of("PERL_BADLANG", "0"));
  }

  /// The command that runs `argv` as the leader of a new session.
  List<String> leader(List<String> argv) {
    return concat(prefix, argv);
  }

  /// The command that runs `argv` so, as no descendant of the caller, and returns at once.
  List<String> daemon(List<String> argv) {
    return concat(daemonPrefix, argv);
  }

  /// What the launcher itself needs in the environment, where it is not set.
  void prepare(Map<String, String> environment) {
    variables.forEach(environment::putIfAbsent);
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
