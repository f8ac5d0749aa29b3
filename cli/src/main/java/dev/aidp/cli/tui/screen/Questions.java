package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.screen.Ui.Overlay;
import dev.aidp.core.job.JobStatus;
import java.util.Collection;
import java.util.List;

/// What is asked before something is done that can't be undone.
final class Questions {
  private Questions() {}

  static Overlay cancel(long id, JobStatus status) {
    return new Overlay.Confirm(
        "Cancel job %d (%s)? y/n".formatted(id, status.word()),
        new Request.Cancel(List.of(id)),
        "job %d was not cancelled".formatted(id));
  }

  static Overlay cancel(Collection<Long> ids) {
    return new Overlay.Confirm(
        "Cancel %s? y/n".formatted(jobs(ids)),
        new Request.Cancel(List.copyOf(ids)),
        "nothing was cancelled");
  }

  static Overlay retry(Collection<Long> ids) {
    return new Overlay.Confirm(
        "Retry %s? y/n".formatted(jobs(ids)),
        new Request.Retry(List.copyOf(ids)),
        "nothing was retried");
  }

  /// @param name of the step or node whose result is approved
  static Overlay approve(long jobId, String name) {
    return new Overlay.Confirm(
        "Approve %s? y/n".formatted(name),
        new Request.Answer(jobId, true, ""),
        "%s was not approved; :reject %d TEXT sends it back".formatted(name, jobId));
  }

  private static String jobs(Collection<Long> ids) {
    return ids.size() == 1 ? "job " + ids.iterator().next() : ids.size() + " jobs";
  }
}
