package dev.aidp.worker.artifacts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The directory of one run, locked against other threads and processes while it is open. Not
/// thread-safe; who opens it closes it.
///
/// What lies in a workspace is not trusted: no link is followed out of it, and nothing but regular
/// files is opened.
final class RunDirectory implements AutoCloseable {
  static final String PARENT = ".pipeline-runs";
  private static final String STATE = ".state";
  private static final String METADATA = "metadata.json";
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(5);
  private static final long LOCK_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final Set<OpenOption> READ_WRITE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  /// A lock between processes does not hold back the threads of one.
  private static final ReentrantLock[] THREAD_LOCKS = new ReentrantLock[64];

  static {
    Arrays.setAll(THREAD_LOCKS, _ -> new ReentrantLock());
  }

  private final Path directory;
  private final ReentrantLock threadLock;
  private final FileChannel stateFile;
  private RunState state = RunState.EMPTY;

  private RunDirectory(Path directory, ReentrantLock threadLock, FileChannel stateFile) {
    this.directory = directory;
    this.threadLock = threadLock;
    this.stateFile = stateFile;
  }

  /// Makes the directory if it is missing.
  ///
  /// @throws IOException with a reason for the user: it cannot be made or locked, or would lie
  ///   outside the workspace
  static RunDirectory open(Path workspace, UUID runId) throws IOException {
    Path base = workspace.toRealPath();
    Path parent = base.resolve(PARENT);
    makeDirectory(parent, LinkOption.NOFOLLOW_LINKS);
    Path real = parent.toRealPath();
    if (!real.startsWith(base)) {
      throw new IOException(parent + " is a symbolic link that leads out of the workspace");
    }
    ignoreByGit(real);
    return openAt(real.resolve(runId.toString()));
  }

  /// As [#open], at any place.
  static RunDirectory openAt(Path directory) throws IOException {
    makeDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory + " is not a directory");
    }
    ReentrantLock threadLock =
        THREAD_LOCKS[Math.floorMod(directory.hashCode(), THREAD_LOCKS.length)];
    long deadline = System.nanoTime() + LOCK_LIMIT.toNanos();
    lock(threadLock, directory);
    FileChannel stateFile = null;
    try {
      stateFile = openFile(directory.resolve(STATE));
      lock(stateFile, deadline, directory);
      RunDirectory opened = new RunDirectory(directory, threadLock, stateFile);
      opened.readState();
      return opened;
    } catch (IOException | RuntimeException e) {
      if (stateFile != null) {
        stateFile.close();
      }
      threadLock.unlock();
      throw e;
    }
  }

  private static void makeDirectory(Path directory, LinkOption option) throws IOException {
    if (!Files.exists(directory, option)) {
      try {
        Files.createDirectory(directory);
      } catch (FileAlreadyExistsException _) {
        // Another process was faster.
      }
    }
  }

  private static void ignoreByGit(Path parent) throws IOException {
    Path file = parent.resolve(".gitignore");
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.writeString(file, "*\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (FileAlreadyExistsException _) {
        // Another process was faster.
      }
    }
  }

  private static void lock(ReentrantLock lock, Path directory) throws IOException {
    try {
      if (lock.tryLock(LOCK_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw new IOException(directory + " is kept locked");
  }

  private static void lock(FileChannel file, long deadline, Path directory) throws IOException {
    while (true) {
      FileLock lock;
      try {
        lock = file.tryLock();
      } catch (OverlappingFileLockException _) {
        lock = null;
      }
      if (lock != null) {
        return;
      }
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        throw new IOException(directory + " is kept locked by another process");
      }
      LockSupport.parkNanos(LOCK_POLL_NANOS);
    }
  }

  /// Opens a regular file for reading and writing, and makes it if it is missing. A pipe would
  /// block, a link would lead elsewhere.
  private static FileChannel openFile(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw new IOException(file + " is not a regular file");
      }
    }
    return FileChannel.open(file, READ_WRITE);
  }

  /// How far the logs are written.
  RunState state() {
    return state;
  }

  private void readState() throws IOException {
    long size = stateFile.size();
    RunState read = null;
    if (size > 0 && size <= RunState.MAX_BYTES) {
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining() && stateFile.read(bytes, bytes.position()) >= 0) {
        // Until all is read.
      }
      read = RunState.ofBytes(bytes.array());
    }
    boolean whole =
        read != null
            && sizeOf(Log.JSONL) >= read.jsonlSize()
            && sizeOf(Log.TEXT) >= read.textSize()
            && sizeOf(Log.TOOL_CALLS) >= read.toolCallsSize();
    state = whole && read != null ? read : RunState.EMPTY;
  }

  private long sizeOf(Log log) throws IOException {
    Path file = directory.resolve(log.fileName);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
  }

  /// Begins the logs anew with the next batch.
  void reset() {
    state = RunState.EMPTY;
  }

  /// Adds a batch behind the last one that counts; what a crash left there is written over.
  void append(RunLines lines, long jobId, RunState.Position position) throws IOException {
    long jsonl = append(Log.JSONL, state.jsonlSize(), lines.jsonl);
    long text = append(Log.TEXT, state.textSize(), lines.text);
    long toolCalls = append(Log.TOOL_CALLS, state.toolCallsSize(), lines.toolCalls);
    state = state.grown(new RunState.Sizes(jsonl, text, toolCalls), jobId, position);
    byte[] bytes = state.toBytes();
    write(stateFile, 0, bytes);
    stateFile.truncate(bytes.length);
  }

  private long append(Log log, long size, StringBuilder lines) throws IOException {
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    Path file = directory.resolve(log.fileName);
    if (bytes.length == 0 && size > 0 && sizeOf(log) == size) {
      return 0;
    }
    try (FileChannel channel = openFile(file)) {
      if (channel.size() > size) {
        channel.truncate(size);
      }
      write(channel, size, bytes);
    }
    return bytes.length;
  }

  private static void write(FileChannel channel, long position, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, position + buffer.position());
    }
  }

  /// Replaces the metadata atomically, if they have changed.
  void metadata(byte[] content) throws IOException {
    Path file = directory.resolve(METADATA);
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.size(file) == content.length
        && Arrays.equals(Files.readAllBytes(file), content)) {
      return;
    }
    Path partial = directory.resolve(".metadata.json.tmp");
    Files.deleteIfExists(partial);
    Files.write(partial, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  Path path() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    try {
      stateFile.close();
    } finally {
      threadLock.unlock();
    }
  }

  private enum Log {
    JSONL("logs.jsonl"),
    TEXT("logs.txt"),
    TOOL_CALLS("tool-calls.jsonl");

    private final String fileName;

    Log(String fileName) {
      this.fileName = fileName;
    }
  }
}
