package dev.aidp.cli.tui.draw;

import dev.aidp.core.job.JobStatus;
import org.jline.utils.AttributedStyle;

/// Styles and symbols. Colour is never the only sign; without it bold, dim and inverse remain.
public record Theme(boolean color, boolean ascii) {
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;

  public AttributedStyle plain() {
    return PLAIN;
  }

  public AttributedStyle title() {
    return PLAIN.bold();
  }

  public AttributedStyle dim() {
    return PLAIN.faint();
  }

  public AttributedStyle selected() {
    return PLAIN.inverse();
  }

  public AttributedStyle error() {
    return colored(PLAIN, AttributedStyle.RED);
  }

  public AttributedStyle warning() {
    return colored(PLAIN, AttributedStyle.YELLOW);
  }

  public AttributedStyle good() {
    return colored(PLAIN, AttributedStyle.GREEN);
  }

  public AttributedStyle key() {
    return colored(PLAIN.bold(), AttributedStyle.CYAN);
  }

  public AttributedStyle of(JobStatus status) {
    return switch (status) {
      case QUEUED -> PLAIN;
      case RUNNING -> colored(PLAIN, AttributedStyle.YELLOW);
      case COMPLETED -> colored(PLAIN, AttributedStyle.GREEN);
      case FAILED -> colored(PLAIN, AttributedStyle.RED);
      case INTERRUPTED -> colored(PLAIN, AttributedStyle.MAGENTA);
      case WAITING -> PLAIN.faint();
    };
  }

  private AttributedStyle colored(AttributedStyle style, int foreground) {
    return color ? style.foreground(foreground) : style;
  }

  public String mark(JobStatus status) {
    return ascii ? status.asciiMark() : status.mark();
  }

  /// One cell, as all these symbols.
  public String ellipsis() {
    return ascii ? "~" : "…";
  }

  public String pointer() {
    return ascii ? "*" : "▸";
  }

  public String crumb() {
    return ascii ? ">" : "›";
  }

  public String dash() {
    return ascii ? "-" : "—";
  }

  public String range() {
    return ascii ? "-" : "–";
  }

  public String dot() {
    return ascii ? "|" : "·";
  }

  /// Of the keys that move one up and one down.
  public String upAndDown() {
    return ascii ? "Up/Down" : "↑↓";
  }

  public String newer() {
    return ascii ? "^" : "▲";
  }

  public String newerBelow() {
    return ascii ? "v" : "▼";
  }

  /// Of a row.
  public String marked() {
    return ascii ? "#" : "◆";
  }

  public String up() {
    return ascii ? "+" : "●";
  }

  public String down() {
    return ascii ? "x" : "✖";
  }

  public String cut(String text, int cells) {
    return CellText.cut(text, cells, ellipsis());
  }
}
