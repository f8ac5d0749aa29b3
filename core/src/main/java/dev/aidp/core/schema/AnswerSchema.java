package dev.aidp.core.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.aidp.core.text.SafeText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON Schema (draft 2020-12, unless it says otherwise) that an agent's answer must satisfy.
/// Nothing is fetched: a `$ref` to elsewhere makes it no schema. Safe for use by several threads.
public final class AnswerSchema {
  private static final int MAX_PROBLEMS = 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaCacheEnabled(false));
  private static final SchemaLocation META_SCHEMA =
      SchemaLocation.of("https://json-schema.org/draft/2020-12/schema");

  private final JsonNode json;
  private final Schema schema;

  private AnswerSchema(JsonNode json, Schema schema) {
    this.json = json;
    this.schema = schema;
  }

  /// What came of an answer.
  public sealed interface Verdict {
    /// @param value what the node's output is
    record Accepted(JsonNode value) implements Verdict {}

    /// @param problems at least one, each one line
    record Rejected(List<String> problems) implements Verdict {
      public Rejected {
        problems = List.copyOf(problems);
      }
    }
  }

  /// @throws IllegalArgumentException saying, in one line, why it is no schema
  public static AnswerSchema of(String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (!node.has("$schema")) {
        List<String> problems = problems(REGISTRY.getSchema(META_SCHEMA), node);
        if (!problems.isEmpty()) {
          throw new IllegalArgumentException(problems.getFirst());
        }
      }
      Schema schema = REGISTRY.getSchema(node);
      schema.initializeValidators();
      return new AnswerSchema(node, schema);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(oneLine(e.getOriginalMessage()), e);
    } catch (SchemaException e) {
      throw new IllegalArgumentException(oneLine(e.getMessage()), e);
    }
  }

  /// Finds the JSON in the agent's final text and holds it against the schema. Of several JSON
  /// values the first that satisfies it is taken.
  public Verdict judge(String answer) {
    List<String> first = List.of("the answer holds no JSON");
    boolean any = false;
    for (JsonNode candidate : AnswerJson.candidates(answer)) {
      List<String> problems = problems(schema, candidate);
      if (problems.isEmpty()) {
        return new Verdict.Accepted(candidate);
      }
      if (!any) {
        first = problems;
        any = true;
      }
    }
    return new Verdict.Rejected(first);
  }

  /// The prompt with what the agent has to know of the schema.
  public String ask(String prompt) {
    return """
    %s

    End with your answer as JSON, and nothing but JSON, that is valid against this JSON Schema:
    %s\
    """
        .formatted(prompt, json);
  }

  /// What to say to an agent whose answer was rejected.
  public String askAgain(List<String> problems) {
    return """
    Your answer is not valid against the JSON Schema:
    - %s
    Answer again, with nothing but JSON that is valid against it:
    %s\
    """
        .formatted(String.join("\n- ", problems), json);
  }

  private static List<String> problems(Schema schema, JsonNode value) {
    return schema.validate(value).stream().limit(MAX_PROBLEMS).map(AnswerSchema::problem).toList();
  }

  private static String problem(Error error) {
    String at = error.getInstanceLocation().toString();
    return oneLine((at.isEmpty() ? "" : at + ": ") + error.getMessage());
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "it is no JSON Schema" : SafeText.oneLine(text);
  }
}
