package dev.aidp.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TemplateTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  private static Scope scope(@Nullable String prompt, @Nullable JsonNode item) {
    return new Scope(
        prompt,
        List.of("a b.txt", "it's.txt"),
        item,
        Map.of(
            "draft",
            new NodeResult(
                json(
                    """
                    {"title": "T", "count": 3, "ok": true, "nothing": null, "exit_code": 77,
                     "files": ["x y", "z"], "pages": [{"n": 1, "tags": ["p", "q"]}, {"n": 2, "tags": []}],
                     "deep": {"er": {"est": "here"}}}
                    """),
                0,
                List.of("draft.md"),
                false),
            "check",
            new NodeResult(json("\"plain text\""), 4, List.of(), false),
            "many",
            new NodeResult(json("[{\"v\": 1}, {\"v\": 2}]"), 0, List.of(), false),
            "skipped",
            new NodeResult(json("null"), 0, List.of(), true)));
  }

  private static String text(String template) {
    return Template.parse(template).text(scope("do it", json("{\"name\": \"i\"}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no references             | no references",
        "{{prompt}}                | do it",
        "<{{ prompt }}>            | <do it>",
        "\\{{prompt}}              | {{prompt}}",
        "}} {{draft.title}} }}     | }} T }}",
        "{{draft.count}}           | 3",
        "{{draft.ok}}              | true",
        "<{{draft.nothing}}>       | <>",
        "{{draft.deep}}            | {\"er\":{\"est\":\"here\"}}",
        "{{draft.deep.er.est}}     | here",
        "{{draft.files}}           | x y z",
        "{{draft.files[1]}}        | z",
        "{{draft.pages[].n}}       | 1 2",
        "{{draft.pages[0].n}}      | 1",
        "{{draft.pages[].tags[]}}  | p q",
        "{{draft.exit_code}}       | 0",
        "{{draft.changed_files}}   | draft.md",
        "{{check}}                 | plain text",
        "{{check.exit_code}}       | 4",
        "<{{check.changed_files}}> | <>",
        "{{many}}                  | {\"v\":1} {\"v\":2}",
        "{{many[].v}}              | 1 2",
        "{{changed_files}}         | a b.txt it's.txt",
        "{{item.name}}             | i",
        "<{{skipped}}>             | <>",
        "<{{skipped.a.b}}>         | <>",
      })
  void valuesBecomeText(String template, String expected) {
    assertThat(text(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{{", "a {{ b", "{{}}", "{{ }}", "{{.State}}", "{{a b}}", "{{a..b}}", "{{a[x]}}"})
  void whatIsNoReferenceIsRefusedAndTheWayOutIsNamed(String template) {
    assertThatThrownBy(() -> Template.parse(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("\\{{");
  }

  @Test
  void anErrorKnowsItsPlace() {
    assertThatThrownBy(() -> Template.parse("12345{{!}}"))
        .isInstanceOfSatisfying(TemplateException.class, e -> assertThat(e.offset()).isEqualTo(5));
    assertThatThrownBy(() -> text("12{{draft.title}}3{{nobody}}"))
        .isInstanceOfSatisfying(TemplateException.class, e -> assertThat(e.offset()).isEqualTo(18));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{draft.fils}}        | {{draft.fils}} resolves to nothing: 'fils' is not there: it is an object; known: changed_files, count, deep, exit_code, files, nothing, ok, pages, title",
        "{{draft.files.x}}     | {{draft.files.x}} resolves to nothing: 'x' is not there: it is a list of 2; known: nothing",
        "{{draft.files[2]}}    | {{draft.files[2]}} resolves to nothing: '[2]' is not there: it is a list of 2; known: nothing",
        "{{draft.title[].x}}   | {{draft.title[].x}} resolves to nothing: what stands before [] is a text, no list",
        "{{check.x}}           | {{check.x}} resolves to nothing: 'x' is not there: it is a text; known: changed_files, exit_code",
        "{{nobody}}            | {{nobody}} resolves to nothing: no node 'nobody' has completed before this one; known: check, draft, many, skipped",
      })
  void anUnresolvedNameSaysWhatIsKnown(String template, String message) {
    assertThatThrownBy(() -> text(template)).hasMessage(message);
    assertThatThrownBy(
            () -> Template.parse(template).command(scope("do it", json("{\"name\": \"i\"}"))))
        .hasMessage(message);
  }

  @Test
  void promptAndItemAreErrorsWhereThereIsNone() {
    assertThatThrownBy(() -> Template.parse("{{prompt}}").text(scope(null, null)))
        .hasMessageContaining("no prompt; give one with -p");
    assertThatThrownBy(() -> Template.parse("{{item}}").text(scope(null, null)))
        .hasMessageContaining("outside of for_each");
  }

  @ParameterizedTest
  @CsvSource({
    "{{check}}, true",
    "{{draft.count}}, true",
    "{{draft.nothing}}, false",
    "{{draft.ok}}, true",
    "{{draft.exit_code}}, false",
    "{{check.changed_files}}, false",
    "{{draft.files}}, true",
    "{{draft.deep}}, true",
    "{{skipped}}, false",
    "{{skipped.files}}, false",
    "false, false",
    "true, true",
    "'{{draft.exit_code}}{{skipped}}', false",
    "' {{skipped}} ', false",
    "null, false",
  })
  void aConditionIsFalseIfEmptyFalseZeroOrNull(String template, boolean expected) {
    JsonNode value = Objects.requireNonNull(Template.parse(template).value(scope("p", null)));
    assertThat(ValueText.isTrue(value)).isEqualTo(expected);
  }

  @Test
  void aSingleReferenceIsItsValue() {
    Scope scope = scope("p", null);
    assertThat(Template.parse("{{draft.files}}").value(scope)).isEqualTo(json("[\"x y\",\"z\"]"));
    assertThat(Template.parse("{{draft.files}}!").value(scope)).isEqualTo(json("\"x y z!\""));
  }

  @Test
  void whatIsNotKnownYetIsLeftAsWritten() {
    Values onlyPrompt = reference -> reference.name().equals("prompt") ? json("\"a b\"") : null;
    assertThat(Template.parse("x {{prompt}} {{ draft.files }}").command(onlyPrompt))
        .isEqualTo("x 'a b' {{ draft.files }}");
  }
}
