package dev.aidp.cli.tui;

/// How the table is shown.
///
/// @param color false: for NO_COLOR
/// @param ascii nothing but ASCII
/// @param ensureWorker called every few seconds on a thread of its own while the database answers,
///   and after each retry, so that a background worker that died can be replaced; what it throws is
///   shown in the footer
public record Options(boolean color, boolean ascii, Runnable ensureWorker) {}
