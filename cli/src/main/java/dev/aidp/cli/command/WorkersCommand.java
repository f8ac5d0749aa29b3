package dev.aidp.cli.command;

import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.session.Session;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.read.ListPauses;
import dev.aidp.db.read.ListPauses.Pause;
import dev.aidp.db.read.ListWorkers;
import dev.aidp.db.read.ListWorkers.Worker;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `aidp workers`.
@Command(
    name = "workers",
    description = {
      "List the live workers.",
      "Piped: id, host, pid, slots, running jobs and heartbeat age, separated by tabs."
    })
final class WorkersCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  WorkersCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<Worker> workers = session.database().call(ListWorkers::live);
    if (json) {
      Json.print(session.console(), json(workers));
    } else {
      table(session, workers).print();
      for (Pause pause : session.database().call(ListPauses::active)) {
        session
            .console()
            .note(
                Pauses.text(pause)
                    + "; `aidp unpause %s --host %s` ends it"
                        .formatted(pause.provider(), pause.host()));
      }
    }
    return 0;
  }

  static ArrayNode json(List<Worker> workers) {
    ArrayNode array = Json.array();
    for (Worker worker : workers) {
      ObjectNode node = Json.object();
      node.put("id", worker.id());
      node.put("host", worker.host());
      node.put("pid", worker.pid());
      node.put("slots", worker.slots());
      ArrayNode running = node.putArray("running");
      worker.running().forEach(running::add);
      node.put("startedAt", Timestamps.format(worker.startedAt()));
      node.put("heartbeatAgeMs", worker.heartbeatAge().toMillis());
      node.put("background", worker.background());
      node.put("draining", worker.draining());
      ArrayNode providers = node.putArray("providers");
      worker.providers().forEach(providers::add);
      node.put("version", worker.version());
      array.add(node);
    }
    return array;
  }

  static Table table(Session session, List<Worker> workers) {
    Table table = new Table(session.console(), "ID", "HOST", "PID", "SLOTS", "JOBS", "HEARTBEAT");
    for (Worker worker : workers) {
      table
          .row()
          .add(worker.id())
          .add(worker.host())
          .add(worker.pid())
          .add(worker.slots())
          .add(String.join(" ", worker.running().stream().map(String::valueOf).toList()))
          .add(Durations.format(worker.heartbeatAge()));
    }
    return table;
  }
}
