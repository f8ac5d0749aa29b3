package dev.aidp.cli.tui.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.utils.NonBlocking;
import org.junit.jupiter.api.Test;

class KeyDecoderTest {
  @Test
  void knowsKeysInBothOfTheirSpellings() throws IOException {
    assertThat(keys("\033[A\033OA\033[B\033[5~\033[6~\033[H\033[4~\r\t\177"))
        .containsExactly(
            Key.Named.UP,
            Key.Named.UP,
            Key.Named.DOWN,
            Key.Named.PAGE_UP,
            Key.Named.PAGE_DOWN,
            Key.Named.HOME,
            Key.Named.END,
            Key.Named.ENTER,
            Key.Named.TAB,
            Key.Named.BACKSPACE);
  }

  @Test
  void readsCharactersAndControlKeys() throws IOException {
    assertThat(keys("j?é日😀\003\f"))
        .containsExactly(
            Key.of('j'),
            Key.of('?'),
            Key.of('é'),
            Key.of('日'),
            new Key.Typed(0x1F600),
            new Key.Ctrl('c'),
            new Key.Ctrl('l'));
  }

  @Test
  void swallowsSequencesItDoesNotKnow() throws IOException {
    assertThat(keys("\033[1;5Cq\033[200~\033[?2026;2$yj\033xk"))
        .containsExactly(
            Key.Named.OTHER,
            Key.of('q'),
            Key.Named.OTHER,
            Key.Named.OTHER,
            Key.of('j'),
            Key.Named.OTHER,
            Key.of('k'));
  }

  @Test
  void takesALoneEscapeForTheKey() throws IOException {
    assertThat(keys("q\033")).containsExactly(Key.of('q'), Key.Named.ESCAPE);
  }

  private static List<Key> keys(String typed) throws IOException {
    KeyDecoder decoder = new KeyDecoder(NonBlocking.nonBlocking("test", new StringReader(typed)));
    List<Key> keys = new ArrayList<>();
    try {
      while (true) {
        Optional<Key> key = decoder.read(0);
        key.ifPresent(keys::add);
      }
    } catch (java.io.EOFException e) {
      return keys;
    }
  }
}
