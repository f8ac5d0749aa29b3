/// The real agent CLIs against a fake model API.
@org.jspecify.annotations.NullMarked
package dev.aidp.cli.agents;
