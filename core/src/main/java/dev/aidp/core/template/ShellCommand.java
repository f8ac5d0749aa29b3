package dev.aidp.core.template;

import dev.aidp.core.template.TemplatePart.Literal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Puts values into a bash command, each quoted by where it stands.
final class ShellCommand {
  private ShellCommand() {}

  static String render(List<TemplatePart> parts, Values values) {
    List<TemplateException> problems = problems(parts);
    if (!problems.isEmpty()) {
      throw problems.getFirst();
    }
    List<ShellPlace> places = places(parts);
    StringBuilder command = new StringBuilder();
    int reference = 0;
    for (TemplatePart part : parts) {
      switch (part) {
        case Literal literal -> command.append(literal.text());
        case Reference it -> {
          JsonNode value = values.value(it);
          ShellPlace place = places.get(reference++);
          command.append(value == null ? it.source() : place.write(ValueText.words(value)));
        }
      }
    }
    return command.toString();
  }

  static List<TemplateException> problems(List<TemplatePart> parts) {
    List<TemplateException> problems = new ArrayList<>();
    List<ShellPlace> places = places(parts);
    int reference = 0;
    for (TemplatePart part : parts) {
      if (part instanceof Reference it
          && places.get(reference++) instanceof ShellPlace.Unsafe unsafe) {
        problems.add(new TemplateException(it.source() + " " + unsafe.why(), it.offset()));
      }
    }
    return problems;
  }

  /// One for each reference. A command whose quotes are not closed says so at its last reference:
  /// where the others stand is then not sure either.
  private static List<ShellPlace> places(List<TemplatePart> parts) {
    List<ShellPlace> places = new ArrayList<>();
    ShellLexer lexer = new ShellLexer();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Literal literal -> lexer.read(literal.text());
        case Reference _ -> {
          places.add(lexer.place(next(parts, i)));
          lexer.readValue();
        }
      }
    }
    String open = lexer.open();
    if (open != null && !places.isEmpty()) {
      places.set(places.size() - 1, new ShellPlace.Unsafe(open));
    }
    return places;
  }

  private static @Nullable Character next(List<TemplatePart> parts, int i) {
    return i + 1 < parts.size() && parts.get(i + 1) instanceof Literal literal
        ? literal.text().charAt(0)
        : null;
  }
}
