package dev.aidp.cli.training;

import dev.aidp.db.migrate.Migrator;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Speaks just enough of PostgreSQL's protocol for a driver to log in, to read a row of two numbers
/// in answer to its first two queries, and to be told of an error after that: no database is
/// touched, and yet nearly all of the driver that a command needs has been used.
final class SilentDatabase implements AutoCloseable {
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final int BACKEND_PID = 1;
  private static final int ANSWERED_QUERIES = 2;
  private static final int INT4 = 23;

  private final ServerSocket socket;

  SilentDatabase() throws IOException {
    socket = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("training-database").start(this::serve);
  }

  String url() {
    return "postgresql://aidp:aidp@127.0.0.1:" + socket.getLocalPort() + "/aidp";
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        // Some commands open a second connection beside their first.
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // This was closed.
      }
    }
  }

  private static void serve(Socket client) {
    try (client) {
      converse(
          new DataInputStream(client.getInputStream()),
          new DataOutputStream(client.getOutputStream()));
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static void converse(DataInputStream in, DataOutputStream out) throws IOException {
    if (!logIn(in, out)) {
      return;
    }
    int queries = 0;
    while (true) {
      int type = in.read();
      if (type < 0 || type == 'X') {
        return;
      }
      in.readNBytes(in.readInt() - 4);
      if (type == 'S' || type == 'Q') {
        answer(out, queries++ < ANSWERED_QUERIES);
      }
    }
  }

  private static boolean logIn(DataInputStream in, DataOutputStream out) throws IOException {
    while (true) {
      int length = in.readInt();
      int code = in.readInt();
      in.readNBytes(length - 8);
      if (code != SSL_REQUEST && code != GSS_REQUEST) {
        break;
      }
      out.writeByte('N');
      out.flush();
    }
    send(out, 'R', body -> body.writeInt(0));
    setting(out, "server_version", "18.0");
    setting(out, "server_encoding", "UTF8");
    setting(out, "client_encoding", "UTF8");
    setting(out, "DateStyle", "ISO, MDY");
    setting(out, "TimeZone", "UTC");
    setting(out, "integer_datetimes", "on");
    setting(out, "standard_conforming_strings", "on");
    send(
        out,
        'K',
        body -> {
          body.writeInt(BACKEND_PID);
          body.writeInt(0);
        });
    ready(out);
    return true;
  }

  private static void setting(DataOutputStream out, String name, String value) throws IOException {
    send(
        out,
        'S',
        body -> {
          text(body, name);
          text(body, value);
        });
  }

  private static void answer(DataOutputStream out, boolean row) throws IOException {
    if (row) {
      send(out, '1', body -> {});
      send(out, '2', body -> {});
      send(out, 'T', SilentDatabase::columns);
      send(out, 'D', SilentDatabase::values);
      send(out, 'C', body -> text(body, "SELECT 1"));
    } else {
      send(out, 'E', SilentDatabase::error);
    }
    ready(out);
  }

  private static void columns(DataOutputStream body) throws IOException {
    body.writeShort(2);
    for (String name : new String[] {"schema_version", "minimum_program"}) {
      text(body, name);
      body.writeInt(0);
      body.writeShort(0);
      body.writeInt(INT4);
      body.writeShort(4);
      body.writeInt(-1);
      body.writeShort(0);
    }
  }

  private static void values(DataOutputStream body) throws IOException {
    body.writeShort(2);
    // A current schema: an older one would be migrated.
    for (int value : new int[] {Migrator.SCHEMA, 1}) {
      byte[] digits = Integer.toString(value).getBytes(StandardCharsets.UTF_8);
      body.writeInt(digits.length);
      body.write(digits);
    }
  }

  private static void error(DataOutputStream body) throws IOException {
    for (String field : new String[] {"SERROR", "VERROR", "CXX000", "Mtraining"}) {
      text(body, field);
    }
    body.writeByte(0);
  }

  private static void ready(DataOutputStream out) throws IOException {
    send(out, 'Z', body -> body.writeByte('I'));
    out.flush();
  }

  private static void text(DataOutputStream body, String text) throws IOException {
    body.write(text.getBytes(StandardCharsets.UTF_8));
    body.writeByte(0);
  }

  private interface Body {
    void write(DataOutputStream body) throws IOException;
  }

  private static void send(DataOutputStream out, char type, Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.write(new DataOutputStream(bytes));
    out.writeByte(type);
    out.writeInt(bytes.size() + 4);
    bytes.writeTo(out);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
