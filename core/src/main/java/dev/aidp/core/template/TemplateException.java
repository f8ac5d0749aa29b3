package dev.aidp.core.template;

/// A template that cannot be parsed, or cannot be rendered with the values there are. The message
/// is for the author of the pipeline, one line: what is wrong, then what to write.
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int offset;

  /// @param offset where in the template's text, in UTF-16 units
  public TemplateException(String message, int offset) {
    super(message);
    this.offset = offset;
  }

  public int offset() {
    return offset;
  }
}
