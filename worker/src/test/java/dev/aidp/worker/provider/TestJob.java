package dev.aidp.worker.provider;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Budgets;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.EarlierExecution;
import dev.aidp.db.queue.JobOptions;
import dev.aidp.db.queue.LeaseRef;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A claimed job as tests need it.
public record TestJob(
    String provider,
    String prompt,
    List<String> argv,
    Permissions permissions,
    List<String> outputs,
    int execution,
    @Nullable String sessionId,
    @Nullable String model,
    Usage usedBefore,
    AgentOptions options) {

  public static TestJob of(String provider, String prompt) {
    return new TestJob(
        provider,
        prompt,
        List.of(),
        Permissions.EDIT,
        List.of(),
        1,
        null,
        null,
        Usage.NONE,
        AgentOptions.NONE);
  }

  TestJob withArgv(String... words) {
    return new TestJob(
        provider,
        prompt,
        List.of(words),
        permissions,
        outputs,
        execution,
        sessionId,
        model,
        usedBefore,
        options);
  }

  TestJob withPermissions(Permissions given) {
    return new TestJob(
        provider, prompt, argv, given, outputs, execution, sessionId, model, usedBefore, options);
  }

  TestJob withOutputs(String... files) {
    return new TestJob(
        provider,
        prompt,
        argv,
        permissions,
        List.of(files),
        execution,
        sessionId,
        model,
        usedBefore,
        options);
  }

  TestJob withExecution(int number) {
    return new TestJob(
        provider,
        prompt,
        argv,
        permissions,
        outputs,
        number,
        sessionId,
        model,
        usedBefore,
        options);
  }

  TestJob withSession(String id) {
    return new TestJob(
        provider, prompt, argv, permissions, outputs, execution, id, model, usedBefore, options);
  }

  TestJob withModel(String name) {
    return new TestJob(
        provider,
        prompt,
        argv,
        permissions,
        outputs,
        execution,
        sessionId,
        name,
        usedBefore,
        options);
  }

  TestJob withOptions(AgentOptions given) {
    return new TestJob(
        provider,
        prompt,
        argv,
        permissions,
        outputs,
        execution,
        sessionId,
        model,
        usedBefore,
        given);
  }

  TestJob withUsedBefore(Usage usage) {
    return new TestJob(
        provider, prompt, argv, permissions, outputs, execution, sessionId, model, usage, options);
  }

  /// Where a session is continued, there was an execution that began it.
  private @Nullable EarlierExecution earlier() {
    return sessionId == null
        ? null
        : new EarlierExecution(
            Instant.parse("2026-11-21T11:00:00Z"),
            "worker 7 was lost",
            "Bash: npm test",
            "Let me see.");
  }

  public ClaimedJob claimed(Path workspace) {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    return new ClaimedJob(
        new LeaseRef(1, 1, UUID.randomUUID()),
        execution,
        1,
        3,
        0,
        3,
        true,
        prompt,
        null,
        UUID.randomUUID(),
        provider,
        model,
        prompt,
        workspace.toString(),
        null,
        null,
        new JobOptions(
            argv,
            permissions,
            outputs,
            null,
            null,
            JobSpec.Isolation.NONE,
            null,
            null,
            null,
            List.of(),
            options,
            Budgets.NONE),
        sessionId,
        now.atOffset(ZoneOffset.UTC),
        now,
        null);
  }

  Attempt attempt(Path workspace, Events events, StopSignal stop, ProcessRunner processes) {
    return attempt(workspace, events, stop, processes, System.getenv());
  }

  Attempt attempt(
      Path workspace,
      Events events,
      StopSignal stop,
      ProcessRunner processes,
      Map<String, String> environment) {
    return new Attempt(
        claimed(workspace),
        new Attempt.Session(null, usedBefore, earlier()),
        workspace,
        environment,
        events,
        stop,
        processes,
        null);
  }
}
