package dev.aidp.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Held against bash itself: whatever a value is, the command says it and does nothing else.
final class ShellCommandTest {
  /// Each prints its value between `<` and `>`, in a place where it has to be data.
  private static final List<String> PLACES =
      List.of(
          "printf '<%s>' {{item}}",
          "printf '<%s>' \"{{item}}\"",
          "printf '<%s>' '{{item}}'",
          "printf '<%s>' $'{{item}}'",
          "printf '<%s>' \"$(printf %s {{item}})\"",
          "printf '<%s>' \"$(printf %s \"{{item}}\")\"",
          "printf '<%s>' $(printf %s \"$(printf %s '{{item}}' | base64 -w0)\") | tr -d '<>' | base64"
              + " -d | { printf '<'; cat; printf '>'; }",
          "x={{item}}; printf '<%s>' \"$x\"",
          "x=\"{{item}}\" # it's a comment with \" and ( \n printf '<%s>' \"${x}\"",
          "printf '<%s>' \"$(cat <<EOF\n{{item}}\nEOF\n)\"",
          "cat <<-E | { read -rd ''; printf '<%s>' \"${REPLY%?}\"; }\n\t{{item}}\n\tE\n",
          "true # {{item}}\nprintf '<%s>' {{item}}",
          "case {{item}} in nothing) exit 1;; *) printf '<%s>' {{item}};; esac",
          "a=({{item}} x); (printf '<%s>' \"${a[0]}\")",
          "printf '<%s>' \"a \\\" $(true '\"') {{item}}\" | sed '1s/^<a \"  /</'",
          "f() { printf '<%s>' \"$1\"; }; f {{item}}",
          "[[ {{item}} == \"{{item}}\" ]] && printf '<%s>' {{item}}",
          "cat <<<{{item}} | { read -rd ''; printf '<%s>' \"${REPLY%?}\"; }",
          "printf '<%s>' {{item}} 2>/dev/null; n=$((1<<2)); test $n = 4",
          "i=$#; printf '<%s>' \"{{item}}\"");

  private static final List<String> HOSTILE =
      List.of(
          "\"; rm -rf / #",
          "'; touch pwned; '",
          "$(touch pwned)",
          "`touch pwned`",
          "${HOME}",
          "a\nEOF\ntouch pwned\nE\n)\"",
          "EOF",
          "E",
          "\\",
          "\\'",
          "\\\"",
          "a\\",
          "$",
          "$'x'",
          "!!",
          "~",
          "*",
          "{a,b}",
          "a=b",
          "-n",
          "#",
          "| & ; ( ) < > { }",
          "a  b\tc",
          "über 😀",
          "2",
          "if",
          "%s%n",
          "'\\''",
          "\r\n x");

  private static Scope scope(String... items) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ArrayNode list = json.arrayNode();
    List.of(items).forEach(list::add);
    return new Scope(
        null, List.of(), items.length == 1 ? json.stringNode(items[0]) : list, Map.of());
  }

  private static String bash(String command) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
            .redirectErrorStream(true)
            .start();
    bash.getOutputStream().close();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = bash.waitFor();
    return exit == 0 ? out : out + " [exit " + exit + "]";
  }

  /// All values in one bash, each in a subshell, since starting one for each would take minutes.
  private static void checkAll(String template, List<String> values) throws Exception {
    StringBuilder script = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (String value : values) {
      String command = Template.parse(template).command(scope(value));
      script.append("(\n").append(command).append("\n)\necho \"[$?]\"\n");
      // A here-document loses the line ends at the end of a value.
      String kept =
          template.contains("<<E") || template.contains("<<-E")
              ? value.replaceAll("\n+$", "")
              : value;
      expected.append('<').append(kept).append(">[0]\n");
    }
    assertThat(bash(script.toString())).as(template).isEqualTo(expected.toString());
  }

  @Test
  void aHostileValueStaysDataWhereverItStands() throws Exception {
    for (String place : PLACES) {
      checkAll(place, HOSTILE);
    }
  }

  @Test
  void randomValuesStayDataWhereverTheyStand() throws Exception {
    Random random = new Random(42);
    String alphabet = "'\"\\$`(){}<>|&;#!~*?[]=\n\t EOF ax0-%";
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      StringBuilder value = new StringBuilder("x");
      for (int length = random.nextInt(14); length > 0; length--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      values.add(value.append('x').toString());
    }
    for (String place : PLACES) {
      checkAll(place, values);
    }
  }

  @Test
  void eachItemOfAListIsAWordOfItsOwn() throws Exception {
    Scope list = scope("a b", "it's", "");
    String command = Template.parse("printf '<%s>' {{item}}").command(list);

    assertThat(command).isEqualTo("printf '<%s>' 'a b' 'it'\\''s' ''");
    assertThat(bash(command)).isEqualTo("<a b><it's><>");
  }

  @Test
  void aListInsideQuotesIsOneText() throws Exception {
    assertThat(
            bash(Template.parse("printf '<%s>' \"files: {{item}}\"").command(scope("a b", "$c"))))
        .isEqualTo("<files: a b $c>");
  }

  @Test
  void anEmptyListIsNoWordAndAnEmptyTextIsAnEmptyOne() {
    assertThat(Template.parse("ls {{item}} .").command(scope())).isEqualTo("ls  .");
    assertThat(Template.parse("ls {{item}} .").command(scope(""))).isEqualTo("ls '' .");
  }

  @Test
  void aNumberBeforeARedirectionIsNoFileDescriptor() throws Exception {
    assertThat(bash(Template.parse("echo {{item}}>&1").command(scope("2")))).isEqualTo("2\n");
  }

  @Test
  void aNulIsReplaced() throws Exception {
    assertThat(bash(Template.parse("echo {{item}}").command(scope("a\0b"))))
        .isEqualTo("a\uFFFDb\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo `ls {{item}}`          | inside backticks",
        "echo `ls $(echo {{item}})`  | inside backticks",
        "echo ${x:-{{item}}}         | inside ${…}",
        "echo \"${x:-{{item}}}\"     | inside ${…}",
        "echo $(( {{item}} + 1 ))    | inside ((…))",
        "(( {{item}} > 1 ))          | inside ((…))",
        "echo ${{item}}              | right after a $",
        "echo \"${{item}}\"          | right after a $",
        "cat <<{{item}}              | here-document",
        "cat <<E{{item}}             | here-document",
        "echo \"{{item}}             | is not closed",
        "echo '{{item}}              | is not closed",
        "echo $(ls {{item}}          | is not closed",
        "echo ${x:-'}'} {{item}}     | that holds quotes",
        "echo $[1] {{item}}          | obsolete",
        "\"$(case x in x) echo {{item}};; esac)\" | after a case",
      })
  void whereNothingIsSafeTheCommandIsRefused(String command, String why) {
    Template template = Template.parse(command);
    assertThat(template.commandProblems()).hasSize(1);
    assertThatThrownBy(() -> template.command(scope("1")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat <<'EOF'\n{{item}}\nEOF\n",
        "cat <<EOF\n$(date) {{item}}\nEOF\n",
        "cat <<EOF\n{{item}}\n",
      })
  void hereDocumentsThatCannotBeMadeSafeAreRefused(String command) {
    assertThat(Template.parse(command).commandProblems()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo \"unclosed",
        "echo `date` ${x:-'a'}",
        "docker ps --format '\\{{.Names}}'",
        "for f in {{item}}; do echo \"$f\"; done",
        "echo \"$(ls | wc -l)\" ${#x} \"${x[@]}\" $((n + $x)) {{item}}",
        "cat <<A <<'B' {{item}}\n$(x)\nA\n`x`\nB\necho {{item}}",
        "echo \\${{item}} it\\'s",
      })
  void everythingElseIsFine(String command) {
    assertThat(Template.parse(command).commandProblems()).isEmpty();
  }
}
