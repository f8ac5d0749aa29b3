package dev.aidp.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShortSchemaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "string | {'type':'string'}",
        "any | {}",
        "array | {'type':'array'}",
        "array<array<number>> | {'type':'array','items':{'type':'array','items':{'type':'number'}}}",
        "integer[] | {'type':'array','items':{'type':'integer'}}",
        "{} | {'type':'object','properties':{}}",
        "{ a : {b?: any}[] , } | {'type':'object','properties':{'a':{'type':'array','items':{'type':'object','properties':{'b':{}}}}},'required':['a']}",
        "{source: string, tags: array<string>} | {'type':'object','properties':{'source':{'type':'string'},'tags':{'type':'array','items':{'type':'string'}}},'required':['source','tags']}",
      })
  void theShortFormIsExpanded(String text, String schema) {
    assertThat(ShortSchema.expand(text).toString()).isEqualTo(schema.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "str",
        "{a}",
        "{a: }",
        "{a: string",
        "{a: string b: string}",
        "array<>",
        "string x",
        "{a: string, a: string}",
        "{: string}",
        "array<string"
      })
  void whatIsNoShortFormIsRefused(String text) {
    assertThatThrownBy(() -> ShortSchema.expand(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDeepOneIsRefused() {
    assertThatThrownBy(() -> ShortSchema.expand("array<".repeat(10_000)))
        .hasMessageContaining("too deep");
  }
}
