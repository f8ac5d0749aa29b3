package dev.aidp.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.schema.AnswerSchema.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerSchemaTest {
  private static final AnswerSchema FILES =
      AnswerSchema.of(ShortSchema.expand("{files: array<string>}").toString());

  private static String judged(AnswerSchema schema, String answer) {
    return switch (schema.judge(answer)) {
      case Verdict.Accepted accepted -> accepted.value().toString();
      case Verdict.Rejected rejected -> String.join("; ", rejected.problems());
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"files\": [\"a\"]}",
        "  \n{\"files\": [\"a\"]}\n\n",
        "Here it is:\n```json\n{\"files\": [\"a\"]}\n```\nHope that helps!",
        "```\n{\"files\": [\"a\"]}\n```",
        "~~~~ json\n{\"files\": [\"a\"]}\n~~~~",
        "First I thought of\n```json\n{\"files\": 1}\n```\nbut it is\n```json\n{\"files\": [\"a\"]}\n```",
        "```json\n{\"files\": [\"a\"]}\n```\nAn example of what is wrong: {\"files\": 1}",
        "The result is {\"files\": [\"a\"]}. Note that [this] {is not} JSON.",
        "See [1] and {x}: {\"files\": [\"a\"]}",
        "{\"files\": 1} was wrong, {\"files\": [\"a\"]} is right",
      })
  void theJsonIsFoundInTheAnswer(String answer) {
    assertThat(judged(FILES, answer)).isEqualTo("{\"files\":[\"a\"]}");
  }

  @Test
  void whatIsWrongIsSaidForTheAgentToMend() {
    assertThat(judged(FILES, "I could not do it.")).isEqualTo("the answer holds no JSON");
    assertThat(judged(FILES, "")).isEqualTo("the answer holds no JSON");
    assertThat(judged(FILES, "{\"files\": [1]}"))
        .isEqualTo("/files/0: integer found, string expected");
    assertThat(judged(FILES, "{\"file\": []}")).contains("required property 'files' not found");
    assertThat(judged(FILES, "\"files\"")).contains("string found, object expected");
  }

  @Test
  void anAnswerMayBeAnyKindOfValue() {
    assertThat(judged(AnswerSchema.of("{\"type\": \"integer\"}"), " 42 ")).isEqualTo("42");
    assertThat(judged(AnswerSchema.of("{\"type\": \"array\"}"), "It is [1, 2]."))
        .isEqualTo("[1,2]");
    assertThat(judged(AnswerSchema.of("{}"), "{\"any\": null}")).isEqualTo("{\"any\":null}");
  }

  @Test
  void whatTheSchemaSaysOfValuesCounts() {
    AnswerSchema schema =
        AnswerSchema.of(
            """
            {"type": "object", "additionalProperties": false, "properties": {
              "verdict": {"enum": ["pass", "fail"]},
              "score": {"$ref": "#/$defs/score"}},
             "$defs": {"score": {"type": "integer", "minimum": 0}}}
            """);

    assertThat(judged(schema, "{\"verdict\": \"pass\", \"score\": 3}"))
        .isEqualTo("{\"verdict\":\"pass\",\"score\":3}");
    assertThat(judged(schema, "{\"verdict\": \"maybe\"}")).startsWith("/verdict: ");
    assertThat(judged(schema, "{\"score\": -1}")).startsWith("/score: ");
    assertThat(judged(schema, "{\"more\": 1}")).contains("more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "3",
        "{\"type\": \"strin\"}",
        "{\"type\": \"object\", \"properties\": 3}",
        "{\"required\": \"files\"}",
        "{\"$ref\": \"https://example.invalid/schema.json\"}",
        "{\"$ref\": \"file:///etc/passwd\"}",
        "{\"$ref\": \"#/$defs/nowhere\"}",
        "{\"pattern\": \"(\"}",
      })
  void whatIsNoSchemaIsRefused(String json) {
    assertThatThrownBy(() -> AnswerSchema.of(json))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
  }

  @Test
  void theAgentIsToldTheSchemaAndWhatWasWrong() {
    assertThat(FILES.ask("List them"))
        .startsWith("List them\n\n")
        .endsWith(
            "{\"type\":\"object\",\"properties\":{\"files\":{\"type\":\"array\",\"items\":"
                + "{\"type\":\"string\"}}},\"required\":[\"files\"]}");
    assertThat(FILES.askAgain(List.of("a", "b"))).contains("\n- a\n- b\nAnswer again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[\"", "{ "})
  void aLongAnswerOfOpenBracketsIsNoProblem(String open) {
    assertThat(judged(FILES, open.repeat(200_000))).isEqualTo("the answer holds no JSON");
  }
}
