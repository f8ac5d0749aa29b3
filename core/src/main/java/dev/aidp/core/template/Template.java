package dev.aidp.core.template;

import dev.aidp.core.template.TemplatePart.Literal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// A text with references, `{{…}}`, for which values are put in. `\{{` stands for two braces.
///
/// @param parts in order
public record Template(List<TemplatePart> parts) {
  public Template {
    parts = List.copyOf(parts);
  }

  /// @throws TemplateException at the first thing between `{{` and `}}` that is no reference
  public static Template parse(String text) {
    List<TemplatePart> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("\\{{", at)) {
        literal.append("{{");
        at += 3;
      } else if (text.startsWith("{{", at)) {
        int end = text.indexOf("}}", at + 2);
        if (end < 0) {
          throw new TemplateException(
              "'{{' is never closed; add }}, or write \\{{ for the braces themselves", at);
        }
        flush(literal, parts);
        parts.add(Reference.parse(text.substring(at + 2, end), at));
        at = end + 2;
      } else {
        literal.append(text.charAt(at++));
      }
    }
    flush(literal, parts);
    return new Template(parts);
  }

  private static void flush(StringBuilder literal, List<TemplatePart> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  public List<Reference> references() {
    List<Reference> references = new ArrayList<>();
    for (TemplatePart part : parts) {
      if (part instanceof Reference reference) {
        references.add(reference);
      }
    }
    return references;
  }

  /// With values as plain text: objects as JSON, lists joined by spaces, null as nothing.
  ///
  /// @throws TemplateException if a value is missing
  public String text(Values values) {
    StringBuilder out = new StringBuilder();
    for (TemplatePart part : parts) {
      switch (part) {
        case Literal literal -> out.append(literal.text());
        case Reference reference -> {
          JsonNode value = values.value(reference);
          out.append(value == null ? reference.source() : ValueText.of(value));
        }
      }
    }
    return out.toString();
  }

  /// As a command for bash, in which every value is quoted by where it stands.
  ///
  /// @throws TemplateException if a value is missing, or stands where none can be made safe
  public String command(Values values) {
    return ShellCommand.render(parts, values);
  }

  /// Everything in this command that [#command] would refuse whatever the values are.
  public List<TemplateException> commandProblems() {
    return ShellCommand.problems(parts);
  }

  /// The value itself where the template is a single reference, else its text.
  ///
  /// @return null if the single reference is not known yet
  /// @throws TemplateException if a value is missing
  public @Nullable JsonNode value(Values values) {
    return parts.size() == 1 && parts.getFirst() instanceof Reference reference
        ? values.value(reference)
        : StringNode.valueOf(text(values));
  }

  /// Whether it is nothing but one reference.
  public boolean isReference() {
    return parts.size() == 1 && parts.getFirst() instanceof Reference;
  }
}
