package dev.aidp.cli.tui.keys;

/// A key press.
public sealed interface Key {
  /// A character.
  record Typed(int codePoint) implements Key {
    @Override
    public String label(boolean ascii) {
      return codePoint == ' ' ? "Space" : Character.toString(codePoint);
    }
  }

  /// Ctrl with a letter, such as `l`.
  record Ctrl(char letter) implements Key {
    @Override
    public String label(boolean ascii) {
      return "Ctrl-" + Character.toUpperCase(letter);
    }
  }

  /// A key without a character.
  enum Named implements Key {
    UP("↑", "Up"),
    DOWN("↓", "Down"),
    LEFT("←", "Left"),
    RIGHT("→", "Right"),
    PAGE_UP("PgUp", "PgUp"),
    PAGE_DOWN("PgDn", "PgDn"),
    HOME("Home", "Home"),
    END("End", "End"),
    ENTER("⏎", "Enter"),
    ESCAPE("Esc", "Esc"),
    TAB("Tab", "Tab"),
    BACKSPACE("Backspace", "Backspace"),
    DELETE("Del", "Del"),
    /// A sequence that is no key known here.
    OTHER("that key", "that key");

    private final String label;
    private final String asciiLabel;

    Named(String label, String asciiLabel) {
      this.label = label;
      this.asciiLabel = asciiLabel;
    }

    @Override
    public String label(boolean ascii) {
      return ascii ? asciiLabel : label;
    }
  }

  /// A click, or a turn of the wheel; cells from 0.
  record Mouse(Button button, int column, int row) implements Key {
    public enum Button {
      LEFT,
      WHEEL_UP,
      WHEEL_DOWN,
      /// Releases, other buttons.
      OTHER
    }

    @Override
    public String label(boolean ascii) {
      return "the mouse";
    }
  }

  static Key of(char character) {
    return new Typed(character);
  }

  /// As help and hints show it.
  String label(boolean ascii);
}
