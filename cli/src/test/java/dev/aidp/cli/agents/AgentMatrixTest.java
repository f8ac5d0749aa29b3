package dev.aidp.cli.agents;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aidp.cli.agents.AgentLab.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Every agent in every situation that its users will meet, with the real programs:
/// `agents/install` puts them where this test looks for them. It prints what was recorded.
class AgentMatrixTest {
  private static final List<String> AGENTS = List.of("claude", "gemini", "codex");
  private static final List<String> TWICE = List.of("--max-attempts", "2");

  @TempDir private Path directory;
  private final Map<String, String> table = new LinkedHashMap<>();
  private final SoftAssertions softly = new SoftAssertions();

  /// @param errorClass expected, `-` for none
  private record Row(
      String name,
      String scenario,
      String prompt,
      List<String> flags,
      String status,
      String errorClass) {}

  private static Row completes(String name, String scenario) {
    return new Row(name, scenario, "hi", TWICE, "completed", "-");
  }

  private static Row fails(String name, String scenario, String errorClass) {
    return new Row(name, scenario, "hi", TWICE, "failed", errorClass);
  }

  private static final List<Row> PLAIN =
      List.of(
          completes("plain answer", "text"),
          completes("tool call", "tool_bash"),
          completes("several turns", "multi_tool"),
          completes("429, then success", "rate429_once"),
          fails("overloaded for ever", "overloaded_forever", "transient"),
          fails("auth error", "auth401", "auth"),
          completes("cut stream", "cut_once"),
          completes("malformed JSON", "malformed_once"),
          completes("slow stream", "slow_short"),
          completes("tool that leaves a daemon", "daemon"),
          fails("silent API, stall_timeout 15s", "stall", "stalled"),
          new Row("200 kB prompt", "text", "word ".repeat(40_000), TWICE, "completed", "-"));

  private static final Row HANG = completes("hang after result", "text");
  private static final Row TERM =
      new Row("TERM", "tool_then_slow", "hi", TWICE, "interrupted", "cancelled");
  private static final Row RESUME = completes("resume", "tool_then_slow");
  private static final Row KILL = completes("kill -9 of the worker", "tool_then_slow");
  private static final Row LIMIT =
      new Row("usage limit with reset", "limit_reset", "hi", TWICE, "waiting", "usage_limit");

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void everyAgentInEverySituation() throws Exception {
    boolean installed =
        AGENTS.stream().allMatch(agent -> Files.exists(AgentLab.programs().resolve(agent)));
    if (!installed) {
      System.err.println(
          "AgentMatrixTest is SKIPPED: no agents in "
              + AgentLab.programs()
              + "; agents/install puts them there");
    }
    assumeTrue(installed, "the agents are not installed: agents/install");
    try (AgentLab lab = new AgentLab(directory)) {
      run(lab);
    } finally {
      print();
    }
    softly.assertAll();
  }

  private void run(AgentLab lab) throws Exception {
    Process worker = lab.startWorker();
    Map<String, Long> plain = new LinkedHashMap<>();
    for (Row row : PLAIN) {
      plain.putAll(queue(lab, row));
    }
    for (String agent : AGENTS) {
      lab.hangAfterResult(agent);
      plain.put(run(agent, HANG), queue(lab, agent, HANG));
      lab.hangNoMore(agent);
    }
    lab.await(List.copyOf(plain.values()));
    for (Row row : PLAIN) {
      record(lab, row, plain);
    }
    record(lab, HANG, plain);
    cancelAndResume(lab);
    killWorker(lab, worker);
    reachLimit(lab);
  }

  private void cancelAndResume(AgentLab lab) throws Exception {
    Map<String, Long> jobs = queue(lab, TERM);
    awaitTools(lab, jobs);
    for (long id : jobs.values()) {
      lab.run("jobs", "cancel", id + "");
    }
    lab.await(List.copyOf(jobs.values()));
    record(lab, TERM, jobs);
    Map<String, String> sessions = new LinkedHashMap<>();
    jobs.forEach((run, id) -> sessions.put(run, lab.show(id).path("sessionId").asString()));
    for (long id : jobs.values()) {
      softly.assertThat(lab.run("jobs", "resume", id + "").exitCode()).as("resume").isZero();
    }
    lab.await(List.copyOf(jobs.values()));
    Map<String, Long> resumed = new LinkedHashMap<>();
    for (String agent : AGENTS) {
      long id = jobs.getOrDefault(run(agent, TERM), 0L);
      resumed.put(run(agent, RESUME), id);
      softly
          .assertThat(lab.show(id).path("sessionId").asString())
          .as(agent + " goes on in its session")
          .isEqualTo(sessions.get(run(agent, TERM)));
    }
    record(lab, RESUME, resumed);
  }

  private void killWorker(AgentLab lab, Process worker) throws Exception {
    Map<String, Long> jobs = queue(lab, KILL);
    awaitTools(lab, jobs);
    worker.destroyForcibly().waitFor();
    for (String run : jobs.keySet()) {
      softly
          .assertThat(AgentLab.eventually(() -> AgentLab.leftOf(run).isEmpty()))
          .as(run + " ends with its worker")
          .isTrue();
    }
    lab.startWorker();
    lab.await(List.copyOf(jobs.values()));
    record(lab, KILL, jobs);
  }

  private void reachLimit(AgentLab lab) throws Exception {
    Map<String, Long> jobs = queue(lab, LIMIT);
    for (Map.Entry<String, Long> job : jobs.entrySet()) {
      softly
          .assertThat(
              AgentLab.eventually(() ->
                  lab.show(job.getValue()).path("executions").path(0).hasNonNull("errorClass")))
          .as(job.getKey() + " meets its limit")
          .isTrue();
      softly
          .assertThat(lab.show(job.getValue()).path("reason").asString(""))
          .as(job.getKey())
          .contains("usage limit");
    }
    record(lab, LIMIT, jobs);
    for (long id : jobs.values()) {
      lab.run("jobs", "cancel", id + "");
    }
  }

  private static void awaitTools(AgentLab lab, Map<String, Long> jobs) throws Exception {
    for (String run : jobs.keySet()) {
      Path started = lab.workspace(run).resolve("slow-tool.pid");
      if (!AgentLab.eventually(() -> Files.exists(started))) {
        throw new AssertionError(run + " never called its tool");
      }
    }
  }

  private static String run(String agent, Row row) {
    return agent + "-" + row.name().replaceAll("[^A-Za-z0-9]+", "-");
  }

  private static Map<String, Long> queue(AgentLab lab, Row row) throws IOException {
    Map<String, Long> ids = new LinkedHashMap<>();
    for (String agent : AGENTS) {
      ids.put(run(agent, row), queue(lab, agent, row));
    }
    return ids;
  }

  private static long queue(AgentLab lab, String agent, Row row) throws IOException {
    return lab.queue(new Call(agent, run(agent, row), row.scenario(), row.prompt(), row.flags()));
  }

  private void record(AgentLab lab, Row row, Map<String, Long> ids) {
    for (String agent : AGENTS) {
      Long id = ids.get(run(agent, row));
      if (id == null) {
        continue;
      }
      JsonNode job = lab.show(id);
      List<String> left = AgentLab.leftOf(run(agent, row));
      String errorClass =
          job.path("executions")
              .path(job.path("executions").size() - 1)
              .path("errorClass")
              .asString("-");
      table.put(agent + "\t" + row.name(), line(agent, row, job, errorClass, left));
      String what = agent + ", " + row.name() + ": " + job.path("error").asString("");
      softly.assertThat(job.path("status").asString()).as(what).isEqualTo(row.status());
      softly.assertThat(errorClass).as(what).isEqualTo(row.errorClass());
      softly.assertThat(left).as(what).isEmpty();
      softly.assertThat(job.path("sessionId").asString("")).as(what + " session").isNotEmpty();
    }
  }

  private static String line(
      String agent, Row row, JsonNode job, String errorClass, List<String> left) {
    JsonNode usage = job.path("usage");
    List<String> cells = new ArrayList<>();
    cells.add(agent);
    cells.add(row.name());
    cells.add(job.path("status").asString());
    cells.add(errorClass);
    cells.add(job.path("attempt") + " of " + job.path("executions").size());
    cells.add(job.path("sessionId").asString("-").replaceAll("^(.{8}).*", "$1"));
    cells.add(
        usage.path("inputTokens")
            + "/"
            + usage.path("outputTokens")
            + "/"
            + usage.path("cachedTokens"));
    cells.add(left.isEmpty() ? "nothing" : String.join("; ", left));
    return "| " + String.join(" | ", cells) + " |";
  }

  private void print() {
    System.out.println(
        """
        | agent | situation | status | class | attempts charged of executions | session | tokens in/out/cached | left running |
        | --- | --- | --- | --- | --- | --- | --- | --- |\
        """);
    table.values().forEach(System.out::println);
  }
}
