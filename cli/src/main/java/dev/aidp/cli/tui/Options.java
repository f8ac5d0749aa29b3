package dev.aidp.cli.tui;

import java.util.function.LongFunction;

/// How the screens are shown, and what they need from outside.
///
/// @param color false: for NO_COLOR
/// @param ascii nothing but ASCII
/// @param ensureWorker called every few seconds on a thread of its own while the database answers,
///   and after each retry, so that a background worker that died can be replaced; what it throws is
///   shown in the footer
/// @param pager shows the log of a job while it has the terminal; returns why it did not, or
///   nothing
public record Options(
    boolean color, boolean ascii, Runnable ensureWorker, LongFunction<String> pager) {}
