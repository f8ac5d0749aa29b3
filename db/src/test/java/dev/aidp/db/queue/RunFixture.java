package dev.aidp.db.queue;

import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Transition;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.run.RunSpec;
import dev.aidp.db.read.ReadRuns;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs in a queue, and what a worker would do to their nodes.
final class RunFixture implements AutoCloseable {
  final QueueFixture queue = new QueueFixture();
  private RegisterWorker.@Nullable Registered worker;

  /// A node of the provider `task`, unless its name is that of another: `agent…`, `gate…`, `ask…`.
  static RunSpec.Node node(String id, String... needs) {
    String provider =
        id.startsWith("agent")
            ? "demo"
            : id.startsWith("gate") ? "gate" : id.startsWith("ask") ? "approval" : "task";
    return new RunSpec.Node(
        new JobSpec(
            "test/" + id,
            id,
            null,
            new JobSpec.Work(
                provider, null, "do " + id, List.of(), Permissions.EDIT, List.of(), "env"),
            new JobSpec.Place(null, "", null),
            new JobSpec.Limits(ProviderKind.of(provider).defaultMaxAttempts(), 3, null, null, true),
            new JobSpec.Schedule(0, null, null),
            null,
            List.of(),
            Map.of()),
        "{\"id\":\"" + id + "\"}",
        Arrays.asList(needs));
  }

  static RunSpec spec(RunSpec.Node... nodes) {
    return keyed(null, nodes);
  }

  static RunSpec keyed(@Nullable String key, RunSpec.Node... nodes) {
    return new RunSpec(
        UUID.randomUUID(),
        "test",
        null,
        "for tests",
        "{}",
        null,
        new JobSpec.Place(null, "here:/w", null),
        key,
        Arrays.asList(nodes));
  }

  UUID enqueue(RunSpec.Node... nodes) throws SQLException {
    return EnqueueRun.enqueue(queue.connection, spec(nodes)).runId();
  }

  /// Claims the next job of a provider, as the only worker does.
  ClaimedJob claim(String provider) throws SQLException {
    RegisterWorker.Registered registered = worker;
    if (registered == null) {
      registered = queue.worker();
      worker = registered;
    }
    return queue.claimOne(registered, new ClaimKey("", provider, 0));
  }

  /// Claims it and completes it with its own name as output.
  FinishJobs.Result complete(String provider) throws SQLException {
    ClaimedJob job = claim(provider);
    return queue.finish(completed(job));
  }

  static FinishJobs.Ended completed(ClaimedJob job) {
    return new FinishJobs.Ended(
        job.lease(),
        QueueFixture.completed(),
        Figures.ofExit(0, "done"),
        new NodeEnd.Output("\"" + job.node() + "\"", false, 0, List.of()));
  }

  /// Ends the claimed execution, but not its job.
  FinishJobs.Result waits(ClaimedJob job, String reason, NodeEnd end) throws SQLException {
    Transition waiting =
        new Transition(
            JobStatus.COMPLETED, JobStatus.WAITING, true, false, null, reason, null, null);
    return queue.finish(new FinishJobs.Ended(job.lease(), waiting, Figures.NONE, end));
  }

  /// Claims the next approval and asks.
  long ask() throws SQLException {
    ClaimedJob job = claim("approval");
    waits(job, "approval", new NodeEnd.Asked("well?"));
    return job.lease().jobId();
  }

  Run run(UUID id) throws SQLException {
    return ReadRuns.byId(queue.connection, id).orElseThrow();
  }

  /// Its nodes and how they stand: `one completed, two waiting (needs one)`.
  String nodes(UUID id) throws SQLException {
    return ReadRuns.nodes(queue.connection, id, true).stream()
        .map(RunFixture::shown)
        .collect(Collectors.joining(", "));
  }

  private static String shown(RunNode node) {
    return node.id()
        + " "
        + node.status().word()
        + (node.reason() == null ? "" : " (" + node.reason() + ")");
  }

  long jobId(UUID run, String node) throws SQLException {
    return ReadRuns.nodes(queue.connection, run, false).stream()
        .filter(each -> each.id().equals(node))
        .findFirst()
        .orElseThrow()
        .jobId();
  }

  @Override
  public void close() throws SQLException {
    queue.close();
  }
}
