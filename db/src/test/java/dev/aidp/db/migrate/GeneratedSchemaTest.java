package dev.aidp.db.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keeps the checked-in jOOQ classes in step with the migrations.
class GeneratedSchemaTest {
  private static final Path CHECKED_IN = Path.of("src/main/jooq");
  private static final String COMMAND =
      "mvn -pl db -am test -Dtest=GeneratedSchemaTest -Daidp.regenerate=true"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  @Test
  void checkedInClassesFitTheMigrations(@TempDir Path fresh) throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      generate(database.address(), fresh);
    }
    if (Boolean.getBoolean("aidp.regenerate")) {
      replace(fresh);
    }
    assertThat(sources(CHECKED_IN))
        .as("src/main/jooq is stale; regenerate it with: " + COMMAND)
        .isEqualTo(sources(fresh));
  }

  private static void generate(DatabaseAddress address, Path target) throws Exception {
    GenerationTool.generate(
        new Configuration()
            .withLogging(Logging.ERROR)
            .withJdbc(
                new Jdbc()
                    .withDriver("org.postgresql.Driver")
                    .withUrl(address.jdbcUrl())
                    .withUser(address.user())
                    .withPassword(address.password()))
            .withGenerator(
                new Generator()
                    .withDatabase(
                        new Database()
                            .withName("org.jooq.meta.postgres.PostgresDatabase")
                            .withInputSchema("aidp")
                            .withIncludes(".*")
                            .withExcludes("schema_history")
                            // Partitions come and go.
                            .withExcludeSql("select relname from pg_class where relispartition")
                            .withIncludeExcludeColumns(false)
                            .withIncludeRoutines(false)
                            .withIncludeSequences(true)
                            .withIncludeDomains(false)
                            .withIncludeUDTs(false)
                            .withIncludeIndexes(false)
                            .withIncludeForeignKeys(false)
                            .withIncludeCheckConstraints(false)
                            .withIncludeSystemCheckConstraints(false)
                            .withIncludeTriggers(false)
                            .withOutputSchemaToDefault(false))
                    .withGenerate(
                        new Generate()
                            .withGeneratedAnnotation(false)
                            .withJavadoc(false)
                            .withComments(false)
                            .withRecords(true)
                            .withPojos(false)
                            .withDaos(false)
                            .withDeprecated(false)
                            .withSources(false)
                            .withGlobalCatalogReferences(false)
                            .withImplicitJoinPathsToOne(false)
                            .withImplicitJoinPathsToMany(false)
                            .withImplicitJoinPathsManyToMany(false)
                            .withJavaTimeTypes(true))
                    .withTarget(
                        new Target()
                            .withPackageName("dev.aidp.db.schema")
                            .withDirectory(target.toString())
                            .withClean(true)
                            .withEncoding("UTF-8"))));
  }

  /// Path below the directory → content.
  private static SortedMap<String, String> sources(Path directory) throws IOException {
    SortedMap<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        sources.put(directory.relativize(file).toString(), Files.readString(file));
      }
    }
    return sources;
  }

  private static void replace(Path fresh) throws IOException {
    try (Stream<Path> old = Files.walk(CHECKED_IN)) {
      for (Path path : (Iterable<Path>) old.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
    try (Stream<Path> paths = Files.walk(fresh)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path target = CHECKED_IN.resolve(fresh.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
