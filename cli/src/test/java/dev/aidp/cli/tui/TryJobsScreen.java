package dev.aidp.cli.tui;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import java.util.List;

/// Runs the table against a database, for trying: arguments are a URL, `ascii`, `plain`.
final class TryJobsScreen {
  private TryJobsScreen() {}

  public static void main(String[] args) {
    List<String> words = List.of(args);
    Connections connections = Connections.to(DatabaseAddress.parse(args[0]));
    Options options = new Options(!words.contains("plain"), words.contains("ascii"), () -> {});
    System.exit(JobsScreen.run(connections, options));
  }
}
