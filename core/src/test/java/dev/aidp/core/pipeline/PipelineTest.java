package dev.aidp.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.pipeline.Node.Head;
import dev.aidp.core.pipeline.Node.Options;
import dev.aidp.core.pipeline.Node.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PipelineTest {
  private static Node task(String id, String... needs) {
    return new Task(new Head(id, null, List.of(needs), null), Options.NONE, "true");
  }

  @Test
  void ancestorsAreAllThatMustHaveEndedBefore() {
    Pipeline diamond =
        new Pipeline(
            "d",
            null,
            List.of(task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c"), task("e")));

    assertThat(diamond.ancestors("d")).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(diamond.ancestors("a")).isEmpty();
    assertThat(diamond.ancestors("e")).isEmpty();
  }

  @Test
  void whatIsNoGraphIsRefused() {
    assertThatThrownBy(() -> new Pipeline("p", null, List.of(task("a"), task("a"))))
        .hasMessageContaining("a");
    assertThatThrownBy(() -> new Pipeline("p", null, List.of(task("a", "b"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Pipeline("p", null, List.of(task("x", "a"), task("a", "b"), task("b", "a"))))
        .hasMessageContaining("[a, b, a]");
    assertThatThrownBy(() -> new Pipeline("p", null, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task("item")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task("2nd")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLongChainIsNoProblem() {
    List<Node> chain = new ArrayList<>();
    chain.add(task("n0"));
    for (int i = 1; i < 20_000; i++) {
      chain.add(task("n" + i, "n" + (i - 1)));
    }

    assertThat(new Pipeline("long", null, chain).ancestors("n19999")).hasSize(19_999);
  }
}
