package dev.aidp.cli.tui;

/// How the screens are shown.
///
/// @param color false: for NO_COLOR
/// @param ascii nothing but ASCII
/// @param bell whether ends of jobs are announced
/// @param menu whether the main menu comes first; else the list of jobs
public record Options(boolean color, boolean ascii, boolean bell, boolean menu) {}
