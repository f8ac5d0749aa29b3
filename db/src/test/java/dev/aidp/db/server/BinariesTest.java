package dev.aidp.db.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {
  @TempDir private Path directory;

  @Test
  void keepsLinksAndModes() throws IOException {
    unpack(tar -> {
      file(tar, "bin/tool", 0755);
      file(tar, "lib/libx.so.1", 0644);
      link(tar, "lib/libx.so", "libx.so.1");
    });
    assertThat(directory.resolve("bin/tool")).isExecutable().hasContent("content");
    assertThat(directory.resolve("lib/libx.so.1").toFile().canExecute()).isFalse();
    assertThat(Files.readSymbolicLink(directory.resolve("lib/libx.so")))
        .isEqualTo(Path.of("libx.so.1"));
  }

  @Test
  void refusesWhatLeadsOut() {
    assertThatThrownBy(() -> unpack(tar -> file(tar, "../out", 0644)))
        .hasMessageContaining("leads out of the archive");
    assertThatThrownBy(() -> unpack(tar -> link(tar, "lib/out", "../../out")))
        .hasMessageContaining("leads out of the archive");
    assertThatThrownBy(() -> unpack(tar -> link(tar, "absolute", "/etc/passwd")))
        .hasMessageContaining("leads out of the archive");
    assertThatThrownBy(() ->
            unpack(tar -> {
              file(tar, "lib/x", 0644);
              link(tar, "way", "lib");
              file(tar, "way/y", 0644);
            }))
        .hasMessageContaining("goes through a link");
    assertThat(directory.resolveSibling("out")).doesNotExist();
  }

  @Test
  void unpacksOnceAndAgainWhenItWasKilledMeanwhile() throws IOException {
    Path unfinished = Files.createDirectories(directory.resolve("18-0.unpacking/bin"));
    Files.writeString(unfinished.resolve("postgres"), "half");
    Binaries binaries = Binaries.in(directory);
    assertThat(Command.of(binaries.program("postgres").toString(), "--version").run().output())
        .startsWith("postgres (PostgreSQL) " + Binaries.MAJOR + ".");
    Path postgres = binaries.program("postgres");
    Object unpacked = Files.getLastModifiedTime(postgres);
    assertThat(Binaries.in(directory)).isEqualTo(binaries);
    assertThat(Files.getLastModifiedTime(postgres)).isEqualTo(unpacked);
  }

  private interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  private void unpack(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new XZCompressorOutputStream(bytes))) {
      content.write(tar);
    }
    Binaries.unpack(new ByteArrayInputStream(bytes.toByteArray()), directory);
  }

  private static void file(TarArchiveOutputStream tar, String name, int mode) throws IOException {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(mode);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
