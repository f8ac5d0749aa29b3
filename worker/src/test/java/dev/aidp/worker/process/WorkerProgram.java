package dev.aidp.worker.process;

import java.nio.file.Path;
import java.util.List;

/// Acts as a worker in a JVM of its own: runs one job, prints its lines, and waits for ever.
final class WorkerProgram {
  private WorkerProgram() {}

  static void main(String[] args) throws Exception {
    ExecutionMarker marker = ExecutionMarker.parse(args[1]).orElseThrow();
    ProcessSupervisor supervisor = ProcessSupervisor.open(Path.of(args[0]));
    System.out.println(supervisor.guardianPid());
    JobProcess job =
        supervisor.start(
            ProcessSpec.of(
                List.of("bash", "-c", args[2]), Jobs.environment(), Path.of(args[0]), marker),
            line -> System.out.println(line.text()));
    job.await();
  }
}
