package dev.aidp.cli.command;

import picocli.CommandLine.IVersionProvider;

/// What `aidp --version` says.
final class Version implements IVersionProvider {
  /// Public for picocli.
  public Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"aidp " + number()};
  }

  /// That of the jar; there is none where classes are run from a directory.
  static String number() {
    String number = Version.class.getPackage().getImplementationVersion();
    return number == null ? "development" : number;
  }
}
