package dev.aidp.core.template;

import dev.aidp.core.template.Reference.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// The values that a node sees when it begins.
///
/// @param prompt what the run was queued with; null: nothing
/// @param changedFiles what the nodes before changed
/// @param item of a `for_each`; null outside of one
/// @param nodes the results of the nodes before, by id
public record Scope(
    @Nullable String prompt,
    List<String> changedFiles,
    @Nullable JsonNode item,
    Map<String, NodeResult> nodes)
    implements Values {
  private static final int MAX_KNOWN = 30;

  public Scope {
    changedFiles = List.copyOf(changedFiles);
    nodes = Map.copyOf(nodes);
  }

  @Override
  public JsonNode value(Reference reference) {
    return switch (reference.name()) {
      case "prompt" -> {
        if (prompt == null) {
          throw unresolved(reference, "the run has no prompt; give one with -p");
        }
        yield take(reference, StringNode.valueOf(prompt), 0);
      }
      case "changed_files" -> take(reference, list(changedFiles), 0);
      case "item" -> {
        if (item == null) {
          throw unresolved(reference, "there is no item outside of for_each");
        }
        yield take(reference, item, 0);
      }
      default -> node(reference);
    };
  }

  private JsonNode node(Reference reference) {
    NodeResult result = nodes.get(reference.name());
    if (result == null) {
      throw unresolved(
          reference,
          "no node '"
              + reference.name()
              + "' has completed before this one; known: "
              + known(nodes.keySet()));
    }
    if (result.skipped()) {
      return StringNode.valueOf("");
    }
    if (!reference.path().isEmpty() && reference.path().getFirst() instanceof Step.Field field) {
      switch (field.name()) {
        case "exit_code" -> {
          return take(reference, IntNode.valueOf(result.exitCode()), 1);
        }
        case "changed_files" -> {
          return take(reference, list(result.changedFiles()), 1);
        }
        default -> {}
      }
    }
    return take(reference, result.output(), 0);
  }

  private static JsonNode take(Reference reference, JsonNode value, int step) {
    if (step == reference.path().size()) {
      return value;
    }
    return switch (reference.path().get(step)) {
      case Step.Field field -> {
        JsonNode taken = value.get(field.name());
        if (!value.isObject() || taken == null) {
          throw unresolved(reference, missing(value, field.name(), step));
        }
        yield take(reference, taken, step + 1);
      }
      case Step.Element element -> {
        JsonNode taken = value.get(element.index());
        if (!value.isArray() || taken == null) {
          throw unresolved(reference, missing(value, "[" + element.index() + "]", step));
        }
        yield take(reference, taken, step + 1);
      }
      case Step.Each _ -> {
        if (!value.isArray()) {
          throw unresolved(reference, "what stands before [] is " + kind(value) + ", no list");
        }
        yield each(reference, value, step + 1);
      }
    };
  }

  /// Lists within lists become one.
  private static ArrayNode each(Reference reference, JsonNode list, int step) {
    boolean flatten =
        reference.path().subList(step, reference.path().size()).stream()
            .anyMatch(Step.Each.class::isInstance);
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (JsonNode element : list) {
      JsonNode taken = take(reference, element, step);
      if (flatten) {
        taken.forEach(all::add);
      } else {
        all.add(taken);
      }
    }
    return all;
  }

  private static ArrayNode list(List<String> texts) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    texts.forEach(list::add);
    return list;
  }

  private static String missing(JsonNode value, String wanted, int step) {
    List<String> names = new ArrayList<>(value.propertyNames());
    if (step == 0) {
      names.addAll(List.of("changed_files", "exit_code"));
    }
    String there = value.isArray() ? "is a list of " + value.size() : "is " + kind(value);
    return "'" + wanted + "' is not there: it " + there + "; known: " + known(names);
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case NULL, MISSING, BINARY, POJO -> "null";
    };
  }

  private static String known(Collection<String> names) {
    if (names.isEmpty()) {
      return "nothing";
    }
    List<String> sorted = List.copyOf(new TreeSet<>(names));
    return String.join(", ", sorted.subList(0, Math.min(sorted.size(), MAX_KNOWN)))
        + (sorted.size() > MAX_KNOWN ? ", …" : "");
  }

  private static TemplateException unresolved(Reference reference, String why) {
    return new TemplateException(
        "{{" + reference.dotted() + "}} resolves to nothing: " + why, reference.offset());
  }
}
