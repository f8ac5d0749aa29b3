package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.text.SafeText;
import dev.aidp.db.queue.FindTakeable;
import dev.aidp.db.queue.LiftPause;
import dev.aidp.db.read.ListPauses;
import dev.aidp.db.read.ListPauses.Pause;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp unpause`.
@Command(
    name = "unpause",
    description = {
      "Let a provider's jobs go on before its usage limit is said to end.",
      "For when the limit was raised, or the account changed. `aidp status` shows what is paused."
    })
final class UnpauseCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "PROVIDER", description = "The provider that is paused")
  String provider = "";

  @Option(names = "--host", paramLabel = "LABEL", description = "Where; default: this host")
  @Nullable String host;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  UnpauseCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    String label = host == null ? session.hostLabel() : host;
    LiftPause.Lifted lifted =
        session.database().call(connection -> LiftPause.byHand(connection, label, provider));
    if (!lifted.lifted()) {
      throw notPaused(label);
    }
    startWorkerFor(label);
    if (json) {
      Json.print(
          session.console(),
          Json.object().put("host", label).put("provider", provider).put("woken", lifted.woken()));
    } else {
      session.console().note(provider + " is paused on " + label + " no more");
    }
    return 0;
  }

  private void startWorkerFor(String label) throws InterruptedException {
    boolean ours = label.equals(session.hostLabel());
    if (ours
        && session
            .database()
            .call(connection -> FindTakeable.any(connection, label, List.of(provider)))) {
      BackgroundWorker.of(session, !noWorker).ensure(List.of(provider));
    }
  }

  private AidpException notPaused(String label) {
    List<Pause> pauses = session.database().call(ListPauses::active);
    String remedy =
        pauses.isEmpty()
            ? "Nothing is paused"
            : pauses.stream()
                .map(pause -> "aidp unpause " + pause.provider() + " --host " + pause.host())
                .collect(Collectors.joining("; or ", "Paused is something else: ", ""));
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        SafeText.oneLine(provider) + " is not paused on " + SafeText.oneLine(label),
        remedy);
  }
}
