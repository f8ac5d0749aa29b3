package dev.aidp.cli.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkflowFileTest {
  private static List<String> ids(Workflow workflow) {
    return workflow.steps().stream().map(Step::id).toList();
  }

  private static List<String> approvals(Workflow workflow) {
    return workflow.steps().stream().filter(Step::approval).map(Step::id).toList();
  }

  @Test
  void executeHasItsStepsAndApprovals() {
    Workflow execute = WorkflowFile.read("execute");
    assertThat(ids(execute))
        .containsExactly(
            "prd",
            "nfrs",
            "architecture",
            "adrs",
            "domains",
            "contracts",
            "threat-model",
            "test-plan",
            "tasks",
            "scaffolding",
            "implementation",
            "static-analysis",
            "observability",
            "delivery",
            "docs-portal",
            "post-release");
    assertThat(approvals(execute))
        .containsExactly("prd", "architecture", "tasks", "implementation");
  }

  @Test
  void analyzeHasItsStepsAndNoApprovals() {
    Workflow analyze = WorkflowFile.read("analyze");
    assertThat(ids(analyze))
        .containsExactly(
            "repository",
            "architecture",
            "tests",
            "functionality",
            "documentation",
            "static-analysis",
            "refactoring");
    assertThat(approvals(analyze)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"execute", "analyze"})
  void everyStepHasATemplateAndOutputsOfItsOwn(String name) {
    Set<String> outputs = new HashSet<>();
    Set<String> templates = new HashSet<>();
    for (Step step : WorkflowFile.read(name).steps()) {
      assertThat(step.template())
          .as(step.id())
          .startsWith("# Your task: ")
          .hasSizeGreaterThan(1_000);
      assertThat(templates.add(step.template())).as(step.id()).isTrue();
      assertThat(outputs.addAll(step.outputs())).as(step.id()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"execute", "analyze"})
  void stepsReadOnlyWhatEarlierOnesWrite(String name) {
    Set<String> earlier = new HashSet<>();
    for (Step step : WorkflowFile.read(name).steps()) {
      assertThat(earlier).as(step.id()).containsAll(step.reads());
      earlier.add(step.id());
    }
  }

  @Test
  void questionsAreAskedBesideTheOutputs() {
    List<Step> steps = WorkflowFile.read("execute").steps();
    assertThat(steps.getFirst().questions()).isEqualTo("docs/prd.questions.md");
    assertThat(steps.get(3).questions()).isEqualTo("docs/adr/adrs.questions.md");
  }
}
