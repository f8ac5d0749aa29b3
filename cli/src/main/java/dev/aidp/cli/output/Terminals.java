package dev.aidp.cli.output;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Tells whether a file descriptor is a terminal. The JDK only tells it of stdin and stdout
/// together.
public final class Terminals {
  private Terminals() {}

  public static boolean isTerminal(int fileDescriptor) {
    Path link = Path.of("/proc/self/fd/" + fileDescriptor);
    if (Files.isSymbolicLink(link)) {
      try {
        String target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/")
            || target.startsWith("/dev/tty")
            || target.equals("/dev/console");
      } catch (IOException | InvalidPathException e) {
        return false;
      }
    }
    return isatty(fileDescriptor);
  }

  /// Where there is no `/proc` (macOS). Slower, for it loads the foreign function linker.
  private static boolean isatty(int fileDescriptor) {
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      var function = linker.defaultLookup().find("isatty");
      if (function.isEmpty() || !arena.scope().isAlive()) {
        return false;
      }
      int answer =
          (int)
              linker
                  .downcallHandle(
                      function.get(),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(fileDescriptor);
      return answer == 1;
    } catch (Throwable e) {
      return false;
    }
  }
}
