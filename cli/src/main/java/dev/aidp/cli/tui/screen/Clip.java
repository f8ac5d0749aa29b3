package dev.aidp.cli.tui.screen;

/// Text for the clipboard.
///
/// @param name what the footer calls it
record Clip(String text, String name) {}
