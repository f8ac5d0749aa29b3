package dev.aidp.core.pipeline;

import dev.aidp.core.pipeline.NodeDraft.Need;
import dev.aidp.core.pipeline.NodeDraft.Text;
import dev.aidp.core.pipeline.NodeDraft.Use;
import dev.aidp.core.template.Reference;
import dev.aidp.core.template.Reference.Step;
import dev.aidp.core.template.Template;
import dev.aidp.core.template.TemplateException;
import dev.aidp.core.text.Suggestion;
import dev.aidp.core.yaml.Position;
import dev.aidp.core.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Whether every template of a file can be resolved when its node begins, as far as the file tells.
final class TemplateCheck {
  private final List<Problem> problems;
  private final Set<String> ids = new TreeSet<>();
  private final NodeGraph graph;
  private final Map<String, Set<String>> ancestors = new HashMap<>();

  private TemplateCheck(List<NodeDraft> drafts, List<Problem> problems) {
    this.problems = problems;
    Map<String, List<String>> needs = new LinkedHashMap<>();
    for (NodeDraft draft : drafts) {
      if (draft.id() != null) {
        ids.add(draft.id());
        needs.putIfAbsent(draft.id(), draft.needs().stream().map(Need::id).toList());
      }
    }
    this.graph = new NodeGraph(needs);
  }

  static void check(List<NodeDraft> drafts, List<Problem> problems) {
    TemplateCheck check = new TemplateCheck(drafts, problems);
    for (NodeDraft draft : drafts) {
      draft.texts().forEach(text -> check.text(draft, text));
    }
  }

  private void text(NodeDraft draft, Text text) {
    Template template;
    try {
      template = Template.parse(text.scalar().text());
    } catch (TemplateException e) {
      problem(text, e.offset(), sentence(e, 0), sentence(e, 1));
      return;
    }
    for (Reference reference : template.references()) {
      String wrong = wrong(draft, text, reference);
      if (wrong != null) {
        String[] parts = wrong.split("; ", 2);
        problem(text, reference.offset(), reference.source() + " " + parts[0], parts[1]);
      }
    }
    if (text.use() == Use.COMMAND) {
      for (TemplateException e : template.commandProblems()) {
        problem(text, e.offset(), sentence(e, 0), sentence(e, 1));
      }
    }
  }

  /// What is wrong with a reference, then what to write, joined by `; `; null if it is fine.
  private @Nullable String wrong(NodeDraft draft, Text text, Reference reference) {
    return switch (reference.name()) {
      case "prompt" ->
          reference.path().isEmpty()
              ? null
              : "takes a part of the prompt, a text; write {{prompt}}";
      case "changed_files" ->
          reference.path().stream().anyMatch(Step.Field.class::isInstance)
              ? "takes a field of a file's name; write {{changed_files}}"
              : null;
      case "item" -> item(draft, text);
      default -> node(draft, reference);
    };
  }

  private static @Nullable String item(NodeDraft draft, Text text) {
    if (!draft.fansOut()) {
      return "stands in a node without for_each; add for_each, or remove it";
    }
    return text.use() == Use.NODE
        ? "is not known in '" + text.key() + "', which is decided before there are items; remove it"
        : null;
  }

  private @Nullable String node(NodeDraft draft, Reference reference) {
    String name = reference.name();
    if (!ids.contains(name)) {
      List<String> known = new ArrayList<>(ids);
      known.addAll(NodeIds.RESERVED);
      Optional<String> near = Suggestion.nearest(name, known);
      return "names no node; "
          + near.map(n -> "did you mean {{" + n + "}}?")
              .orElse("write the id of a node before this one, or \\{{ for the braces themselves");
    }
    if (name.equals(draft.id())) {
      return "is the output of the node itself; remove it";
    }
    return draft.id() == null || ancestors(draft.id()).contains(name)
        ? null
        : "may not have completed when '" + draft.id() + "' begins; add needs: [" + name + "]";
  }

  private Set<String> ancestors(String id) {
    return ancestors.computeIfAbsent(id, graph::ancestors);
  }

  private static String sentence(TemplateException e, int part) {
    String[] parts = String.valueOf(e.getMessage()).split("; ", 2);
    return parts[Math.min(part, parts.length - 1)];
  }

  private void problem(Text text, int offset, String what, String remedy) {
    String before = text.scalar().text().substring(0, offset);
    int braces = 0;
    for (int at = before.indexOf("{{"); at >= 0; at = before.indexOf("{{", at + 1)) {
      braces++;
    }
    Position position = text.scalar().of("{{", braces);
    problems.add(new Problem(position, "in '" + text.key() + "': " + what, remedy));
  }
}
