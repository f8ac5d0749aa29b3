package dev.aidp.cli;

import dev.aidp.cli.output.Streams;
import dev.aidp.db.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/// Runs commands in this process, against a database, a home and a workspace of their own.
public final class Cli implements AutoCloseable {
  private final TestDatabase database = TestDatabase.create();
  private final Map<String, String> environment = new HashMap<>();
  private final Path directory;
  private final Path workspace;
  private byte[] stdin = {};
  private boolean terminal;

  /// @param directory empty, removed by whoever made it
  public Cli(Path directory) {
    try {
      this.directory = directory.toRealPath();
      this.workspace = Files.createDirectory(this.directory.resolve("workspace"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("PATH", String.valueOf(System.getenv("PATH")));
    environment.put("HOME", this.directory.toString());
    environment.put("AIDP_HOME", this.directory.resolve("home").toString());
    environment.put("AIDP_HOST", "testhost");
    environment.put("AIDP_AUTO_WORKER", "0");
    environment.put("AIDP_DATABASE_URL", database.address().toUri());
  }

  /// What a command printed, and its exit code.
  public record Result(int exitCode, String out, String err) {}

  public Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(new ByteArrayInputStream(stdin), out, err, false, terminal, false);
    int exitCode = Main.run(arguments, streams, environment, workspace);
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// Works until nothing is runnable.
  public void work() {
    Result result = run("worker", "--drain", "--count", "2");
    if (result.exitCode() != 0) {
      throw new AssertionError(result.err());
    }
  }

  public Cli with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public Cli without(String variable) {
    environment.remove(variable);
    return this;
  }

  public Cli stdin(byte[] bytes) {
    stdin = bytes.clone();
    return this;
  }

  /// Stdout counts as a terminal from now on.
  public Cli onTerminal() {
    terminal = true;
    return this;
  }

  public Map<String, String> environment() {
    return environment;
  }

  public TestDatabase database() {
    return database;
  }

  /// The first column of the first row, as text.
  public String query(String sql) {
    try (Connection connection = database.connections().open("test");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  public Path workspace() {
    return workspace;
  }

  public Path home() {
    return directory.resolve("home");
  }

  /// Writes a file, and its directories, below the test's own directory.
  public Path write(String name, String content) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
