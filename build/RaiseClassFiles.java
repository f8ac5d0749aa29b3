import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Rewrites the classes of the given jars that are older than Java 6 as newer ones, in place.
///
/// The JVM leaves classes without stack maps out of an AOT cache, and picocli, which every command
/// starts with, is compiled for Java 5. With its classes in the cache a command starts sooner; the
/// figures are in docs/adr/0003-old-class-files-are-raised-for-the-aot-cache.md.
///
/// Run by the launcher on the jars of a build of its own, never on the local Maven repository.
final class RaiseClassFiles {
  private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
  private static final int RAISED = ClassFile.JAVA_8_VERSION;

  private RaiseClassFiles() {}

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      raise(Path.of(jar));
    }
  }

  private static void raise(Path jar) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar);
        var files = Files.walk(zip.getPath("/"))) {
      List<Path> classes = files.filter(file -> file.toString().endsWith(".class")).toList();
      ClassFile classFile =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(new JarHierarchy(zip).resolver()));
      for (Path file : classes) {
        ClassModel model = classFile.parse(Files.readAllBytes(file));
        if (model.majorVersion() < FIRST_WITH_STACK_MAPS) {
          byte[] raised = classFile.transformClass(model, version(RAISED));
          List<VerifyError> errors = classFile.verify(raised);
          if (!errors.isEmpty()) {
            throw new IOException(file + " does not verify: " + errors.getFirst().getMessage());
          }
          Files.write(file, raised);
        }
      }
    }
  }

  /// Bodies pass through a transform of their own, since untouched ones are copied as bytes and
  /// would get no stack maps.
  private static ClassTransform version(int major) {
    return ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
        .andThen(ClassTransform.endHandler(builder -> builder.withVersion(major, 0)));
  }

  /// Superclasses are looked up in the jar itself first, then in the JDK.
  private record JarHierarchy(FileSystem zip) {
    ClassHierarchyResolver resolver() {
      return ClassHierarchyResolver.ofResourceParsing(
              type -> {
                String name = type.descriptorString();
                Path file = zip.getPath(name.substring(1, name.length() - 1) + ".class");
                try {
                  return Files.exists(file) ? Files.newInputStream(file) : null;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .orElse(ClassHierarchyResolver.defaultResolver());
    }
  }
}
