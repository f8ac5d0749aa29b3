package dev.aidp.core.pipeline;

import dev.aidp.core.yaml.Position;
import dev.aidp.core.yaml.Problem;
import dev.aidp.core.yaml.YamlReader;
import dev.aidp.core.yaml.YamlValue;
import dev.aidp.core.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes a pipeline of the text of a file, or says everything that is wrong with it.
public final class PipelineLoader {
  private static final int MAX_NODES = 5_000;
  private static final int MAX_PROBLEMS = 100;
  private static final List<String> KEYS = List.of("name", "description", "nodes");

  private final List<Problem> problems = new ArrayList<>();

  private String name;

  private PipelineLoader(String defaultName) {
    this.name = defaultName;
  }

  /// What came of it.
  public sealed interface Loaded {
    record Valid(Pipeline pipeline) implements Loaded {}

    /// @param name as far as it could be read, else the default
    /// @param problems at least one, in the order of the file
    record Invalid(String name, List<Problem> problems) implements Loaded {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /// @param defaultName for a file that gives no name
  public static Loaded load(String text, String defaultName) {
    PipelineLoader loader = new PipelineLoader(defaultName);
    Pipeline pipeline = loader.pipeline(text);
    if (loader.problems.isEmpty()) {
      return new Loaded.Valid(Objects.requireNonNull(pipeline));
    }
    return new Loaded.Invalid(
        loader.name,
        loader.problems.stream()
            .distinct()
            .sorted(
                Comparator.comparingInt((Problem p) -> p.position().line())
                    .thenComparingInt(p -> p.position().column()))
            .limit(MAX_PROBLEMS)
            .toList());
  }

  private @Nullable Pipeline pipeline(String text) {
    YamlValue root = YamlReader.read(text, problems);
    Fields fields = root == null ? null : Fields.of(root, "the file", problems);
    if (fields == null) {
      return null;
    }
    fields.allow(KEYS);
    String given = fields.line("name");
    name = given == null ? name : given;
    String description = fields.text("description");
    List<NodeDraft> drafts = drafts(fields);
    if (drafts.isEmpty()) {
      return null;
    }
    GraphCheck.check(drafts, problems);
    TemplateCheck.check(drafts, problems);
    return problems.isEmpty()
        ? new Pipeline(name, description, drafts.stream().map(NodeDraft::checked).toList())
        : null;
  }

  private List<NodeDraft> drafts(Fields fields) {
    YamlValue nodes = fields.value("nodes");
    if (nodes == null) {
      if (!fields.has("nodes")) {
        problems.add(
            new Problem(
                fields.position(), "a pipeline needs 'nodes'", "write nodes: and a list of nodes"));
      }
      return List.of();
    }
    if (!(nodes instanceof Sequence sequence)) {
      problems.add(
          new Problem(
              nodes.position(), "'nodes' must be a list", "begin each node with - id: NAME"));
      return List.of();
    }
    Position at = sequence.position();
    if (sequence.items().isEmpty()) {
      problems.add(new Problem(at, "'nodes' is empty", "write a node: - id: NAME"));
    } else if (sequence.items().size() > MAX_NODES) {
      problems.add(
          new Problem(
              at,
              "a pipeline has at most " + MAX_NODES + " nodes",
              "use for_each for many jobs of one kind"));
      return List.of();
    }
    return NodeReader.read(sequence.items(), problems);
  }
}
