package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a project changes in the workflows.
final class WorkflowOverridesTest {
  private final Cli cli;

  WorkflowOverridesTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @BeforeEach
  void chooseDemo() {
    cli.with("AIDP_PROVIDER", "demo");
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode steps(String workflow) {
    return JsonMapper.shared().readTree(cli.run(workflow, "--json").out());
  }

  private List<String> ids(String workflow) {
    List<String> ids = new ArrayList<>();
    steps(workflow).forEach(step -> ids.add(step.path("step").asString()));
    return ids;
  }

  private String prompt(long id) {
    return JsonMapper.shared()
        .readTree(cli.run("jobs", "show", id + "", "--json").out())
        .path("prompt")
        .asString();
  }

  @Test
  void choosesAndOrdersSteps() {
    cli.write("workspace/aidp.yml", "workflow: {steps: [tasks, prd, analyze/tests]}\n");
    assertThat(ids("execute")).containsExactly("tasks", "prd");
    assertThat(ids("analyze")).containsExactly("tests");
    assertThat(cli.run("execute", "2").out()).isEqualTo("1\n");
    assertThat(prompt(1)).startsWith("# Your task: the product requirements");
    assertThat(cli.run("execute", "nfrs").exitCode()).isEqualTo(4);
  }

  @Test
  void leavesTheOtherWorkflowAsItIs() {
    cli.write("workspace/aidp.yml", "workflow: {steps: [prd]}\n");
    assertThat(ids("analyze")).hasSize(7);
  }

  @Test
  void addsAStepOfItsOwn() {
    cli.write(
        "workspace/aidp.yml",
        """
        workflow:
          steps: [prd, pricing]
          templates: {pricing: my/pricing.md}
          outputs: {pricing: [docs/pricing.md, docs/prices/]}
          approvals: []
        """);
    cli.write("workspace/my/pricing.md", "Find the right price.");
    cli.run("execute", "pricing");
    assertThat(prompt(1))
        .startsWith("Find the right price.\n")
        .contains("- docs/pricing.md\n- docs/prices/\n");
    cli.work();
    assertThat(cli.workspace().resolve("docs/pricing.md")).isNotEmptyFile();
    assertThat(cli.workspace().resolve("docs/prices/README.md")).isNotEmptyFile();
    assertThat(steps("execute").path(1).path("status").asString()).isEqualTo("completed");
  }

  @Test
  void readsTemplatesFromTheFolder() {
    cli.write("workspace/templates/prd.md", "Our own PRD.");
    cli.write("workspace/templates/analyze/architecture.md", "Our own analysis.");
    cli.write("workspace/templates/architecture.md", "Our own design.");
    cli.run("execute", "prd");
    cli.run("execute", "architecture");
    cli.run("analyze", "architecture");
    assertThat(prompt(1)).startsWith("Our own PRD.\n");
    assertThat(prompt(2)).startsWith("Our own design.\n");
    assertThat(prompt(3)).startsWith("Our own analysis.\n");
    assertThat(steps("execute").path(0).path("template").asString())
        .isEqualTo(cli.workspace().resolve("templates/prd.md").toString());
    assertThat(steps("execute").path(2).path("template").isNull()).isFalse();
    assertThat(steps("execute").path(3).path("template").isNull()).isTrue();
  }

  @Test
  void prefersTheTemplateOfTheConfiguration() {
    cli.write("workspace/templates/prd.md", "From the folder.");
    cli.write("workspace/other.md", "From the file.");
    cli.write("workspace/aidp.yml", "workflow: {templates: {execute/prd: other.md}}\n");
    cli.run("execute", "prd");
    assertThat(prompt(1)).startsWith("From the file.\n");
  }

  @Test
  void findsTemplatesBesideTheConfigurationOfAParent() throws IOException {
    cli.write("workspace/aidp.yml", "workflow: {templates: {nfrs: my/nfrs.md}}\n");
    cli.write("workspace/my/nfrs.md", "Beside the file.");
    cli.write("workspace/templates/prd.md", "In the folder beside.");
    String below = Files.createDirectories(cli.workspace().resolve("a/b")).toString();
    cli.run("execute", "nfrs", "--workspace", below);
    cli.run("execute", "prd", "--workspace", below);
    assertThat(prompt(1)).startsWith("Beside the file.\n");
    assertThat(prompt(2)).startsWith("In the folder beside.\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {steps: [prd, prd]}               | 'workflow.steps': 'prd' is there twice
          {steps: [next]}                   | 'workflow.steps': 'next' is no name of a step
          {steps: ["../x"]}                 | 'workflow.steps': '../x' names no workflow
          {steps: [Prd]}                    | 'workflow.steps': 'Prd' is no name of a step
          {steps: [pricing]}                | 'workflow.steps': 'pricing' is a step of your own, and has no template
          {templates: {prdd: a.md}}         | 'workflow.templates.prdd': 'prdd' is no step of execute
          {templates: {prd: gone.md}}       | 'workflow.templates.prd': 'gone.md' does not exist
          {templates: {prd: empty.md}}      | 'workflow.templates.prd': 'empty.md' is empty
          {templates: {prd: a}}             | 'workflow.templates.prd': 'a' is no file
          {templates: {prd: ../../x.md}}    | 'workflow.templates.prd': '../../x.md' leads out of DIR
          {templates: {prd: /etc/passwd}}   | 'workflow.templates.prd': '/etc/passwd' is not relative to DIR
          {templates: {prd: link.md}}       | 'workflow.templates.prd': 'link.md' leads out of DIR
          {outputs: {prd: [../x.md]}}       | 'workflow.outputs.prd': '../x.md' leads out of DIR
          {outputs: {prd: [docs/../..]}}    | 'workflow.outputs.prd': 'docs/../..' leads out of DIR
          {outputs: {prd: [/tmp/x.md]}}     | 'workflow.outputs.prd': '/tmp/x.md' is not relative to DIR
          {outputs: {prd: [out/x.md]}}      | 'workflow.outputs.prd': 'out/x.md' leads out of DIR
          {outputs: {prd: ["."]}}           | 'workflow.outputs.prd': '.' leads out of DIR
          {outputs: {analyze/prd: [x.md]}}  | 'workflow.outputs.analyze/prd': 'prd' is no step of analyze
          {steps: [prd], approvals: [nfrs]} | 'workflow.approvals': 'nfrs' is no step of execute
          {approvals: [pdr]}                | 'workflow.approvals': 'pdr' is no step of execute
          """)
  void saysWhereABadValueStands(String workflow, String message) throws IOException {
    cli.write("workspace/empty.md", "");
    cli.write("workspace/a/b", "");
    Path outside = cli.write("outside/secret.md", "secret");
    Files.createSymbolicLink(cli.workspace().resolve("link.md"), outside);
    Files.createSymbolicLink(cli.workspace().resolve("out"), outside.getParent());
    Path file = cli.write("workspace/aidp.yml", "provider: demo\nworkflow: " + workflow + "\n");
    String name = workflow.contains("analyze/") ? "analyze" : "execute";
    Result result = cli.run(name);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(
            "aidp: " + file + ":2: " + message.replace("DIR", cli.workspace().toString()) + "\n")
        .hasLineCount(2);
    assertThat(cli.run("status").exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {steps: {a: b}}         | 'workflow.steps' must be a list of texts
          {outputs: {prd: }}      | 'workflow.outputs.prd' has no value
          {templates: {prd: [a]}} | 'workflow.templates.prd' must be a text
          {step: [prd]}           | unknown key 'workflow.step'
          """)
  void refusesWrongTypes(String workflow, String message) {
    Path file = cli.write("workspace/aidp.yml", "workflow: " + workflow + "\n");
    Result result = cli.run("execute");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("aidp: " + file + ":1: " + message);
  }

  @Test
  void refusesATemplateThatIsALinkToElsewhere() throws IOException {
    Path outside = cli.write("outside/secret.md", "secret");
    Files.createDirectories(cli.workspace().resolve("templates"));
    Path link = cli.workspace().resolve("templates/prd.md");
    Files.createSymbolicLink(link, outside);
    Result result = cli.run("execute", "prd");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("aidp: The template " + link + " leads out of " + cli.workspace());
  }
}
