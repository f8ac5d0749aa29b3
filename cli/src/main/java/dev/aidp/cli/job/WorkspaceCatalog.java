package dev.aidp.cli.job;

import dev.aidp.cli.tui.data.Catalog;
import dev.aidp.cli.tui.draw.CellText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the files of a workspace offer. What can't be read is left out.
public final class WorkspaceCatalog implements Catalog {
  private static final Set<String> PASSED_OVER = Set.of("node_modules", ".git", "dist", "target");
  private static final int DEEPEST = 8;
  private static final int MOST = 500;
  private static final long LONGEST = 1 << 20;
  private static final Pattern PROMPT = Pattern.compile("\\{\\{\\s*prompt\\s*}}");

  private final Path directory;
  private final CommandRunner commands;

  public WorkspaceCatalog(Path directory, CommandRunner commands) {
    this.directory = directory;
    this.commands = commands;
  }

  @Override
  public List<PromptFile> prompts() {
    Path folder = directory.resolve("prompts");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".md"))
          .sorted()
          .limit(MOST)
          .flatMap(file -> prompt(file).stream())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<PromptFile> prompt(Path file) {
    FrontMatter content = FrontMatter.of(text(file));
    Map<String, String> fields = content.fields();
    if (fields.getOrDefault("status", "").equals("archived")) {
      return List.of();
    }
    return List.of(
        new PromptFile(
            CellText.clean(file.getFileName().toString()),
            CellText.clean(fields.getOrDefault("provider", "")),
            CellText.clean(fields.getOrDefault("model", "")),
            content.body()));
  }

  @Override
  public List<PipelineFile> pipelines() {
    List<PipelineFile> found = new ArrayList<>();
    SimpleFileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean over =
                !folder.equals(directory) && PASSED_OVER.contains(folder.getFileName().toString());
            return over ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (name.equals("pipeline.yaml") || name.equals("pipeline.yml")) {
              found.add(pipeline(file));
            }
            return found.size() < MOST ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(
          directory, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEEPEST, visitor);
    } catch (IOException e) {
      return found;
    }
    found.sort(Comparator.comparing(PipelineFile::name));
    return found;
  }

  private PipelineFile pipeline(Path file) {
    String text = text(file);
    String path = directory.relativize(file).toString();
    String name = field(text, "name");
    return new PipelineFile(
        CellText.clean(name.isEmpty() ? path : name),
        path,
        CellText.clean(field(text, "description")),
        PROMPT.matcher(text).find());
  }

  /// A field of the outermost mapping, if it stands on one line.
  private static String field(String yaml, String name) {
    Matcher field = Pattern.compile("(?m)^" + name + ":[ \\t]*(.*)$").matcher(yaml);
    return field.find() ? field.group(1).strip().replaceAll("^([\"'])(.*)\\1$", "$2") : "";
  }

  @Override
  public List<String> workflow() {
    CommandRunner.Printed printed = commands.run("", "execute", "--no-color");
    String text = printed.exitCode() == 0 ? printed.out() : printed.err();
    return CellText.cleanLines(text);
  }

  private static String text(Path file) {
    try {
      return Files.size(file) > LONGEST
          ? ""
          : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
