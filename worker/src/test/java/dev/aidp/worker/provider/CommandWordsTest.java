package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandWordsTest {
  @Test
  void splitsAsAShellDoes() {
    assertThat(CommandWords.split("  claude --a\t'b c'\"d\\\"e\"f\\ g ''  "))
        .isEqualTo(List.of("claude", "--a", "b cd\"ef g", ""));
  }

  @Test
  void expandsNothing() {
    assertThat(CommandWords.split("x $HOME `id` ~ * \"\\n$A\" a;b|c #d"))
        .isEqualTo(List.of("x", "$HOME", "`id`", "~", "*", "\\n$A", "a;b|c", "#d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "''", "'a", "\"a", "a\\"})
  void saysWhatIsWrong(String command) {
    assertThatIllegalArgumentException().isThrownBy(() -> CommandWords.split(command));
  }
}
