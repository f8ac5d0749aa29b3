package dev.aidp.core.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What stands between `{{` and `}}`.
///
/// @param name `prompt`, `changed_files`, `item`, or the id of a node
/// @param path what is taken of its value, in order
/// @param source as written, braces included
/// @param offset of the first brace in the template's text
public record Reference(String name, List<Step> path, String source, int offset)
    implements TemplatePart {
  private static final Pattern SYNTAX =
      Pattern.compile("([A-Za-z][A-Za-z0-9_-]*)((?:\\.[A-Za-z0-9_$-]+|\\[[0-9]{0,9}])*)");
  private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([0-9]*)]");

  public Reference {
    path = List.copyOf(path);
  }

  /// One step into a value.
  public sealed interface Step {
    /// The field of an object.
    record Field(String name) implements Step {}

    /// Every element of a list: what follows is taken of each.
    record Each() implements Step {}

    /// One element of a list, counted from 0.
    record Element(int index) implements Step {}
  }

  /// @param inner without the braces
  /// @throws TemplateException if it is none
  static Reference parse(String inner, int offset) {
    Matcher matcher = SYNTAX.matcher(inner.strip());
    String source = "{{" + inner + "}}";
    if (!matcher.matches()) {
      throw new TemplateException(
          "'"
              + source
              + "' is no reference; write it like {{prompt}}, {{node}} or {{node.list[].field}},"
              + " or \\{{ for the braces themselves",
          offset);
    }
    return new Reference(matcher.group(1), steps(matcher.group(2)), source, offset);
  }

  private static List<Step> steps(String path) {
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    while (matcher.find()) {
      String field = matcher.group(1);
      if (field != null) {
        steps.add(new Step.Field(field));
      } else if (matcher.group(2).isEmpty()) {
        steps.add(new Step.Each());
      } else {
        steps.add(new Step.Element(Integer.parseInt(matcher.group(2))));
      }
    }
    return steps;
  }

  /// The path as it was written, for messages.
  public String dotted() {
    StringBuilder text = new StringBuilder(name);
    for (Step step : path) {
      switch (step) {
        case Step.Field field -> text.append('.').append(field.name());
        case Step.Each _ -> text.append("[]");
        case Step.Element element -> text.append('[').append(element.index()).append(']');
      }
    }
    return text.toString();
  }
}
