package dev.aidp.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What docs/ARCHITECTURE.md says of modules and packages.
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.aidp");

  @Test
  void modulesDependOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy("dev.aidp.cli..")
        .layer("worker")
        .definedBy("dev.aidp.worker..")
        .layer("db")
        .definedBy("dev.aidp.db..")
        .layer("core")
        .definedBy("dev.aidp.core..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("worker")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("db")
        .mayOnlyBeAccessedByLayers("worker", "cli")
        .check(CLASSES);
  }

  @Test
  void theCoreHasNeitherSqlNorFilesNorProcesses() {
    noClasses()
        .that()
        .resideInAPackage("dev.aidp.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.jooq..", "org.postgresql..", "java.net..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .check(CLASSES);
  }

  /// But for what jOOQ generates.
  @Test
  void packagesAreAcyclic() {
    slices()
        .matching("dev.aidp.(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(resideInAPackage("dev.aidp.db.schema.."), alwaysTrue())
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineTalksToTheStandardStreams() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.aidp.core..", "dev.aidp.db..", "dev.aidp.worker..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
