package dev.aidp.core.yaml;

import dev.aidp.core.text.SafeText;
import dev.aidp.core.yaml.YamlValue.Entry;
import dev.aidp.core.yaml.YamlValue.Kind;
import dev.aidp.core.yaml.YamlValue.Mapping;
import dev.aidp.core.yaml.YamlValue.Scalar;
import dev.aidp.core.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/// Reads one document. The size of the text, the depth, and what aliases make of it are bounded, so
/// that no file takes more than a moment.
public final class YamlReader {
  public static final int MAX_LENGTH = 1 << 20;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_VALUES = 200_000;
  private static final ScalarResolver RESOLVER = new CoreScalarResolver(false);
  private static final Map<Tag, Kind> KINDS =
      Map.of(
          Tag.INT, Kind.INTEGER,
          Tag.FLOAT, Kind.NUMBER,
          Tag.BOOL, Kind.BOOLEAN,
          Tag.NULL, Kind.NULL);

  private final int[] characters;
  private final Iterator<Event> events;
  private final List<Problem> problems;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private int values;

  /// @param size how many values it stands for, itself included
  private record Anchored(YamlValue value, int size) {}

  /// Ends the reading; the problem says why.
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    Unreadable(Position position, String what, String remedy) {
      super(what);
      this.problem = new Problem(position, what, remedy);
    }
  }

  private YamlReader(String text, List<Problem> problems) {
    this.characters = text.codePoints().toArray();
    this.problems = problems;
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_LENGTH).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /// @param problems what is wrong is added to it
  /// @return null if nothing could be read; there is a problem then
  public static @Nullable YamlValue read(String text, List<Problem> problems) {
    String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (clean.length() > MAX_LENGTH) {
      problems.add(tooLarge());
      return null;
    }
    try {
      return new YamlReader(clean, problems).document();
    } catch (Unreadable e) {
      problems.add(e.problem);
    } catch (ReaderException e) {
      problems.add(unprintable(clean, e));
    } catch (MarkedYamlEngineException e) {
      problems.add(noYaml(e));
    } catch (YamlEngineException e) {
      problems.add(new Problem(Position.START, "this is no YAML: " + e.getMessage(), "correct it"));
    }
    return null;
  }

  public static Problem tooLarge() {
    return new Problem(
        Position.START,
        "the file is larger than 1 MiB",
        "make it smaller: large texts belong in files that a node reads");
  }

  private static Problem noYaml(MarkedYamlEngineException e) {
    Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
    String what = SafeText.oneLine(e.getProblem());
    if (what.contains("TAB")) {
      return new Problem(at(mark), "a tab stands in the indentation", "indent by spaces");
    }
    String context = e.getContext();
    return new Problem(
        at(mark),
        "this is no YAML: " + (context == null ? "" : SafeText.oneLine(context) + ": ") + what,
        "check quotes and indentation; quote a text that begins with one of { [ & * ! % @ `");
  }

  private static Problem unprintable(String text, ReaderException e) {
    int end = text.offsetByCodePoints(0, Math.clamp(e.getPosition(), 0, text.length()));
    int lineStart = text.lastIndexOf('\n', Math.max(0, end - 1)) + 1;
    int line = 1 + Math.toIntExact(text.substring(0, end).chars().filter(c -> c == '\n').count());
    return new Problem(
        new Position(line, text.codePointCount(Math.min(lineStart, end), end) + 1),
        "the control character U+%04X is not allowed".formatted(e.getCodePoint()),
        "remove it, or write it as an escape in double quotes");
  }

  private static Position at(Optional<Mark> mark) {
    return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1)).orElse(Position.START);
  }

  private static Position at(Event event) {
    return at(event.getStartMark());
  }

  private @Nullable YamlValue document() {
    events.next();
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      problems.add(new Problem(Position.START, "the file is empty", "write name: and nodes:"));
      return null;
    }
    YamlValue value = value(events.next(), 0);
    events.next();
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new Unreadable(
          at(end), "a second document begins here", "keep one; remove the line ---");
    }
    return value;
  }

  private YamlValue value(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Unreadable(
          at(event), "this is nested deeper than " + MAX_DEPTH + " levels", "flatten it");
    }
    int before = values;
    count(event, 1);
    YamlValue value =
        switch (event) {
          case AliasEvent alias -> alias(alias);
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent start -> sequence(start, depth);
          case MappingStartEvent start -> mapping(start, depth);
          default -> throw new IllegalStateException("a value begins with " + event.getEventId());
        };
    if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
      node.getAnchor().ifPresent(a -> anchors.put(a, new Anchored(value, values - before)));
    }
    return value;
  }

  private void count(Event event, int more) {
    values += more;
    if (values > MAX_VALUES) {
      throw new Unreadable(
          at(event),
          "aliases make more than " + MAX_VALUES + " values of the file",
          "write it without aliases of aliases");
    }
  }

  private YamlValue alias(AliasEvent alias) {
    Anchor anchor = alias.getAnchor().orElseThrow();
    Anchored anchored = anchors.get(anchor);
    if (anchored == null) {
      throw new Unreadable(
          at(alias),
          "the alias *" + anchor + " refers to itself, or to nothing before it",
          "write &" + anchor + " before the value that is meant");
    }
    count(alias, anchored.size());
    return anchored.value();
  }

  private Scalar scalar(ScalarEvent event) {
    refuseTag(event, event.getTag());
    Tag tag = RESOLVER.resolve(event.getValue(), event.isPlain());
    int start = event.getStartMark().map(Mark::getIndex).orElse(0);
    int end = event.getEndMark().map(Mark::getIndex).orElse(start);
    return new Scalar(
        at(event),
        event.isPlain() ? KINDS.getOrDefault(tag, Kind.TEXT) : Kind.TEXT,
        event.getValue(),
        new String(characters, start, end - start));
  }

  private Sequence sequence(SequenceStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    List<YamlValue> items = new ArrayList<>();
    for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      items.add(value(e, depth + 1));
    }
    return new Sequence(at(start), items);
  }

  private Mapping mapping(MappingStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      Position at = at(e);
      YamlValue key = value(e, depth + 1);
      YamlValue value = value(events.next(), depth + 1);
      if (key instanceof Scalar scalar) {
        Entry first = entries.putIfAbsent(scalar.text(), new Entry(at, value));
        if (first != null) {
          problems.add(
              new Problem(
                  at,
                  "'" + SafeText.oneLine(scalar.text()) + "' is there twice",
                  "keep one; the first is in line " + first.key().line()));
        }
      } else {
        problems.add(new Problem(at, "a key must be a word", "quote it if it begins with { or ["));
      }
    }
    return new Mapping(at(start), entries);
  }

  private void refuseTag(Event event, Optional<String> tag) {
    tag.ifPresent(it ->
        problems.add(
            new Problem(
                at(event),
                "the tag " + SafeText.oneLine(it) + " has no meaning here",
                "remove it; quote the value to make it a text")));
  }
}
