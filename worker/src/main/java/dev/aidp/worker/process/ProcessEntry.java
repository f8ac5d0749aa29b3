package dev.aidp.worker.process;

/// One process as the system's process table showed it.
///
/// @param session the session where the system tells it (Linux), else the process group
/// @param startTicks when it started, in the table's own unit; with the pid it names one process
record ProcessEntry(long pid, long parent, long session, long startTicks) {}
