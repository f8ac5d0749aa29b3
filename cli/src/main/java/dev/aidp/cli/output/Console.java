package dev.aidp.cli.output;

import dev.aidp.core.job.JobStatus;
import dev.aidp.core.text.SafeText;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/// Where a command prints: data on stdout, everything else on stderr.
public final class Console {
  private final Streams streams;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private boolean noColor;

  public Console(Streams streams, Map<String, String> environment) {
    this.streams = streams;
    this.out = GuardedOutput.print(streams.out());
    this.err = new PrintStream(streams.err(), true, java.nio.charset.StandardCharsets.UTF_8);
    this.environment = environment;
  }

  public InputStream in() {
    return streams.in();
  }

  /// Buffered; whoever goes on for long after printing flushes it. Throws [OutputFailure].
  public PrintStream out() {
    return out;
  }

  public PrintStream err() {
    return err;
  }

  public boolean outIsTerminal() {
    return streams.outIsTerminal();
  }

  public boolean inIsTerminal() {
    return streams.inIsTerminal();
  }

  /// A line for the user on stderr.
  public void note(String line) {
    err.println(SafeText.oneLine(line));
  }

  /// A line on stderr that begins with the program's name: something the user should know of.
  public void warn(String line) {
    note("aidp: " + line);
  }

  /// A line on stderr, if `AIDP_DEBUG` asks for it.
  public void debug(String line) {
    if (debug()) {
      note("aidp: debug: " + line);
    }
  }

  /// Whether `AIDP_DEBUG` is on.
  public boolean debug() {
    String value = environment.getOrDefault("AIDP_DEBUG", "");
    return !value.isEmpty() && !value.equals("0");
  }

  public void disableColor() {
    noColor = true;
  }

  /// Whether stdout gets colours: `--no-color` and `NO_COLOR` forbid them, `CLICOLOR_FORCE` demands
  /// them, else a terminal has them.
  public boolean color() {
    if (noColor || !environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return false;
    }
    String force = environment.getOrDefault("CLICOLOR_FORCE", "");
    if (!force.isEmpty() && !force.equals("0")) {
      return true;
    }
    return outIsTerminal() && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /// The text in the colour of a status, or as it is.
  public String paint(JobStatus status, String text) {
    String code =
        switch (status) {
          case QUEUED -> "";
          case RUNNING -> "33";
          case COMPLETED -> "32";
          case FAILED -> "31";
          case INTERRUPTED -> "35";
          case WAITING -> "2";
        };
    return code.isEmpty() || !color() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }

  /// The mark of a status, in ASCII where the locale has no other.
  public String mark(JobStatus status) {
    return utf8() ? status.mark() : status.asciiMark();
  }

  /// Whether more than ASCII can be shown.
  public boolean utf8() {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(name, "").toUpperCase(Locale.ROOT);
      if (!value.isEmpty()) {
        // A container has C, and yet a terminal that shows UTF-8.
        return value.contains("UTF-8")
            || value.contains("UTF8")
            || value.equals("C")
            || value.equals("POSIX");
      }
    }
    return true;
  }
}
