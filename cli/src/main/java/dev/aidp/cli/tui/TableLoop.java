package dev.aidp.cli.tui;

import dev.aidp.cli.tui.data.Done;
import dev.aidp.cli.tui.data.JobActions;
import dev.aidp.cli.tui.data.JobsSource;
import dev.aidp.cli.tui.data.Poller;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.screen.Event;
import dev.aidp.cli.tui.screen.Farewell;
import dev.aidp.cli.tui.screen.Render;
import dev.aidp.cli.tui.screen.Step;
import dev.aidp.cli.tui.screen.Step.Effect;
import dev.aidp.cli.tui.screen.Ui;
import dev.aidp.cli.tui.screen.Update;
import dev.aidp.core.error.AidpException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jline.terminal.Terminal.Signal;
import org.jspecify.annotations.Nullable;

/// The one thread that owns state and terminal: takes events, makes the next state of each, and
/// draws when it has changed.
final class TableLoop {
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /// How long nothing may happen before the screen looks at the clock.
  private static final long TICK_MILLIS = 1_000;

  /// At most 60 frames a second.
  private static final long FRAME_NANOS = 1_000_000_000L / 60;

  private final TerminalSession session;
  private final JobsSource source;
  private final JobActions actions;
  private final Outside outside;
  private final InstantSource clock;
  private final Theme theme;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private Ui ui;
  private Size size;

  TableLoop(
      TerminalSession session,
      JobsSource source,
      JobActions actions,
      Outside outside,
      Options options,
      InstantSource clock) {
    this.session = session;
    this.source = source;
    this.actions = actions;
    this.outside = outside;
    this.clock = clock;
    theme = new Theme(options.color(), options.ascii());
    ui = first(options, clock.instant());
    size = session.size();
  }

  private static Ui first(Options options, Instant now) {
    return (options.menu() ? Ui.menu(now) : Ui.jobs(now)).announcing(options.bell());
  }

  /// @return the exit code
  int run() {
    session.onSignal(Signal.INT, () -> events.add(new Event.Interrupted()));
    session.onSignal(Signal.WINCH, () -> events.add(new Event.Resized()));
    // Before the keys are read: a first frame may ask the terminal what it can do.
    draw();
    try (KeyThread keys = new KeyThread(session.reader(), events::add);
        Poller poller = new Poller(source, actions, POLL_INTERVAL, ui.want(size), posting());
        WorkerKeeper workers = new WorkerKeeper(outside::ensureWorker, events::add)) {
      keys.start();
      poller.start();
      workers.start();
      return loop(new Threads(keys, poller, workers));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  private record Threads(KeyThread keys, Poller poller, WorkerKeeper workers) {}

  private int loop(Threads threads) throws InterruptedException {
    long drawnNanos = System.nanoTime() - FRAME_NANOS;
    while (true) {
      Event event = events.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      OptionalInt exit = handle(event == null ? new Event.Tick() : event, threads);
      // All that happens until the next frame is due goes into that frame.
      long wait = drawnNanos + FRAME_NANOS - System.nanoTime();
      while (exit.isEmpty()
          && (event = events.poll(Math.max(0, wait), TimeUnit.NANOSECONDS)) != null) {
        exit = handle(event, threads);
        wait = drawnNanos + FRAME_NANOS - System.nanoTime();
      }
      if (exit.isPresent()) {
        return exit.getAsInt();
      }
      draw();
      drawnNanos = System.nanoTime();
    }
  }

  private OptionalInt handle(Event event, Threads threads) throws InterruptedException {
    if (event instanceof Event.Resized) {
      size = session.size();
    }
    Step step = Update.on(event, ui, size, clock.instant());
    ui = step.ui();
    threads.poller().want(ui.want(size));
    threads.workers().needed(event instanceof Event.Answered, event instanceof Event.Performed);
    switch (step.effect()) {
      case Effect.None _ -> {}
      case Effect.Ask(Request request) -> threads.poller().request(request);
      case Effect.Copy(String text) -> session.copy(text);
      case Effect.Mouse(boolean on) -> session.mouse(on);
      case Effect.Page(long jobId, int attempt) ->
          lend(threads, () -> outside.page(jobId, attempt));
      case Effect.Edit(String name) -> lend(threads, () -> outside.edit(name));
      case Effect.Announce(String text) -> session.announce(text);
      case Effect.Redraw _ -> session.forget();
      case Effect.Suspend _ -> {
        session.suspend();
        size = session.size();
      }
      case Effect.Leave(int exitCode, boolean farewell) -> {
        if (farewell) {
          session.farewell(Farewell.of(ui));
        }
        return OptionalInt.of(exitCode);
      }
    }
    return OptionalInt.empty();
  }

  /// @param program returns what there is to say about it; may be empty
  private void lend(Threads threads, Supplier<String> program) {
    threads.poller().hold(true);
    threads
        .keys()
        .pausedWhile(() ->
            session.lendTo(() -> {
              String problem = program.get();
              if (!problem.isEmpty()) {
                events.add(new Event.Noted(problem));
              }
            }));
    threads.poller().hold(false);
    size = session.size();
  }

  private void draw() {
    session.draw(Render.frame(ui, size, theme), size);
  }

  private Poller.Listener posting() {
    return new Poller.Listener() {
      @Override
      public void answered(Snapshot snapshot) {
        events.add(new Event.Answered(snapshot));
      }

      @Override
      public void failed(AidpException failure) {
        events.add(new Event.Failed(failure));
      }

      @Override
      public void performed(Request request, @Nullable Done done, @Nullable AidpException failure) {
        events.add(new Event.Performed(request, done, failure));
      }
    };
  }
}
