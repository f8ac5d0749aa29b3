package dev.aidp.cli.tui.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.keys.Key.Named;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private final Screens screens = RenderTest.detail(80, 24).press("2");

  @Test
  void theLogOfAnEarlierAttemptIsOpenedAndTheLatestOnesAgain() {
    assertThat(screens.text()).contains("▸  2  ✖ failed").contains("attempt 2 of 2, Enter opens");
    screens.press("k");
    assertThat(screens.text()).contains("▸  1  ⊘ interrupted").contains("attempt 1 of 2");
    screens.press(Named.ENTER);
    assertThat(screens.ui().want(screens.size())).isEqualTo(wanted(1));
    assertThat(screens.text())
        .contains("[1 Logs of attempt 1]")
        .as("the log of the other attempt")
        .doesNotContain("tests failed in auth_test.go:88\n 12:00");
    screens.press("o");
    assertThat(screens.effect()).isEqualTo(new Step.Effect.Page(1000036, 1));

    screens.press("2");
    assertThat(screens.text()).as("is selected still").contains("▸  1");
    screens.press("j").press(Named.ENTER);
    assertThat(screens.ui().want(screens.size())).isEqualTo(wanted(0));
    assertThat(screens.text()).contains("[1 Logs]");
  }

  @Test
  void theCursorStaysOnTheAttempts() {
    assertThat(screens.press("j").row(-2)).contains("this is the latest attempt");
    assertThat(screens.press("gk").row(-2)).contains("this is the first attempt");
    assertThat(screens.press("1").press(Named.ENTER).row(-2)).contains("2 shows the attempts");
  }

  private static Want wanted(int attempt) {
    return new Want.Job(1000036, attempt, new Want.Logs.Tail(), false, false, "");
  }
}
