package dev.aidp.core.template;

/// A piece of a template.
public sealed interface TemplatePart permits Reference, TemplatePart.Literal {
  /// Text that stands for itself.
  record Literal(String text) implements TemplatePart {}
}
