package dev.aidp.cli.workflow;

import dev.aidp.cli.config.Configuration;
import dev.aidp.cli.config.Placed;
import dev.aidp.cli.config.Settings;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a project changes in a shipped workflow: `workflow` in its `aidp.yml`, and its folder
/// `templates/`. A step is named by its id, which is one of `execute` if both have it, or as
/// `analyze/STEP`.
final class Overrides {
  private static final String STEP_ID = "[a-z][a-z0-9-]{0,59}";
  private static final Set<String> WORDS = Set.of("next", "all");

  private final Workflow shipped;
  private final Map<String, Step> shippedSteps = new LinkedHashMap<>();
  private final Set<String> otherSteps = new LinkedHashSet<>();
  private final Settings.Workflow settings;
  private final Path workspace;
  private final Set<Path> projects = new LinkedHashSet<>();

  Overrides(Workflow shipped, Configuration configuration, Path workspace) {
    this.shipped = shipped;
    this.settings = configuration.settings().workflow();
    this.workspace = workspace;
    shipped.steps().forEach(step -> shippedSteps.put(step.id(), step));
    for (String name : Workflow.NAMES) {
      if (!name.equals(shipped.name())) {
        WorkflowFile.read(name).steps().forEach(step -> otherSteps.add(step.id()));
      }
    }
    projects.add(workspace);
    Path file = configuration.workspaceFile();
    if (file != null) {
      projects.add(file.resolveSibling(""));
    }
  }

  /// The workflow as the project has it.
  ///
  /// @throws AidpException (usage) naming file and line
  Workflow apply() {
    Map<String, Placed> templates = ours(settings.templates(), Overrides::place);
    Map<String, List<Placed>> outputs = ours(settings.outputs(), Overrides::place);
    Map<String, Placed> ids = stepIds();
    requireKnown(templates, Overrides::place, ids);
    requireKnown(outputs, Overrides::place, ids);
    Set<String> approvals = approvals(ids);
    List<Step> steps = new ArrayList<>();
    ids.forEach((id, named) ->
        steps.add(step(id, named, templates.get(id), outputs.get(id), approvals.contains(id))));
    return new Workflow(shipped.name(), steps);
  }

  /// In order, each with where it is named; the place of a shipped one does not matter.
  private Map<String, Placed> stepIds() {
    Map<String, Placed> ids = new LinkedHashMap<>();
    for (Placed named : settings.steps()) {
      String id = ours(named);
      if (id != null && ids.put(id, named) != null) {
        throw named.wrong("is there twice", "Keep one of them");
      }
    }
    if (ids.isEmpty()) {
      Placed none = new Placed("", workspace, 1, "");
      shippedSteps.keySet().forEach(id -> ids.put(id, none));
    }
    return ids;
  }

  private Set<String> approvals(Map<String, Placed> ids) {
    List<Placed> named = settings.approvals();
    Set<String> approvals = new LinkedHashSet<>();
    if (named == null) {
      shipped.steps().stream().filter(Step::approval).forEach(step -> approvals.add(step.id()));
      return approvals;
    }
    for (Placed one : named) {
      String id = ours(one);
      if (id != null) {
        if (!ids.containsKey(id)) {
          throw noStep(one, ids.keySet());
        }
        approvals.add(id);
      }
    }
    return approvals;
  }

  private Step step(
      String id,
      Placed named,
      @Nullable Placed template,
      @Nullable List<Placed> outputs,
      boolean approval) {
    Step old = shippedSteps.get(id);
    TemplateFile file = templateFile(id, template);
    if (old == null && (file == null || outputs == null)) {
      throw named.wrong(
          "is a step of your own, and has no " + (file == null ? "template" : "outputs"),
          "Write workflow.templates.%1$s: FILE and workflow.outputs.%1$s: [FILE]".formatted(id));
    }
    return new Step(
        id,
        old == null ? id : old.description(),
        file != null ? file.text() : old == null ? "" : old.template(),
        file == null ? null : file.file(),
        outputs != null ? outputs(outputs) : old == null ? List.of() : old.outputs(),
        old == null ? List.of() : old.reads(),
        old == null || old.code(),
        approval);
  }

  private List<String> outputs(List<Placed> outputs) {
    for (Placed output : outputs) {
      try {
        Contained.resolve(workspace, output.text());
      } catch (IllegalArgumentException e) {
        throw output.wrong(String.valueOf(e.getMessage()), "Write a path within the workspace");
      }
    }
    return outputs.stream().map(Placed::text).toList();
  }

  /// That of `aidp.yml`, else that of a `templates` folder; null: as shipped.
  private @Nullable TemplateFile templateFile(String id, @Nullable Placed named) {
    if (named != null) {
      try {
        return TemplateFile.read(Contained.resolve(named.file().resolveSibling(""), named.text()));
      } catch (IllegalArgumentException e) {
        throw named.wrong(
            String.valueOf(e.getMessage()), "Write the path of a Markdown file beside it");
      }
    }
    List<String> names = new ArrayList<>(List.of("templates/" + shipped.name() + "/" + id + ".md"));
    if (belongsHere(id)) {
      names.add("templates/" + id + ".md");
    }
    for (Path project : projects) {
      for (String name : names) {
        if (Files.exists(project.resolve(name))) {
          return projectTemplate(project, name);
        }
      }
    }
    return null;
  }

  private static TemplateFile projectTemplate(Path project, String name) {
    try {
      return TemplateFile.read(Contained.resolve(project, name));
    } catch (IllegalArgumentException e) {
      throw new AidpException(
          ErrorCategory.USAGE,
          "The template " + project.resolve(name) + " " + e.getMessage(),
          "Mend it, or remove it to use the shipped one");
    }
  }

  /// The id of the step of this workflow that is named; null if it is one of the other.
  private @Nullable String ours(Placed named) {
    String text = named.text();
    int slash = text.indexOf('/');
    String id = text.substring(slash + 1);
    if (slash >= 0 && !Workflow.NAMES.contains(text.substring(0, slash))) {
      throw named.wrong("names no workflow", "Write STEP, execute/STEP or analyze/STEP");
    }
    if (!id.matches(STEP_ID) || WORDS.contains(id)) {
      throw named.wrong(
          "is no name of a step", "Use small letters, digits and hyphens; not next or all");
    }
    boolean here = slash < 0 ? belongsHere(id) : text.substring(0, slash).equals(shipped.name());
    return here ? id : null;
  }

  private boolean belongsHere(String id) {
    return shipped.name().equals(Workflow.NAMES.getFirst())
        ? shippedSteps.containsKey(id) || !otherSteps.contains(id)
        : shippedSteps.containsKey(id) && !otherSteps.contains(id);
  }

  private interface PlaceOf<V> {
    Placed of(String key, V value);
  }

  private static Placed place(String key, Placed value) {
    return new Placed(key, value.file(), value.line(), value.key());
  }

  private static Placed place(String key, List<Placed> values) {
    return place(key, values.getFirst());
  }

  private <V> Map<String, V> ours(Map<String, V> byName, PlaceOf<V> place) {
    Map<String, V> byId = new LinkedHashMap<>();
    byName.forEach((name, value) -> {
      Placed named = place.of(name, value);
      String id = ours(named);
      if (id != null && byId.put(id, value) != null) {
        throw named.wrong("is there twice", "Keep one of them");
      }
    });
    return byId;
  }

  private <V> void requireKnown(Map<String, V> byId, PlaceOf<V> place, Map<String, Placed> ids) {
    byId.forEach((id, value) -> {
      if (!ids.containsKey(id) && !shippedSteps.containsKey(id)) {
        throw noStep(place.of(id, value), ids.keySet());
      }
    });
  }

  private AidpException noStep(Placed named, Set<String> ids) {
    return named.wrong(
        "is no step of " + shipped.name(), "Allowed here: " + String.join(", ", ids));
  }
}
