/// The live table of jobs on a terminal.
///
/// [JobsScreen] is the way in, [TableLoop] the one thread that owns state and terminal. Keys come
/// from another thread, answers of the database from a third; both only post events.
@NullMarked
package dev.aidp.cli.tui;

import org.jspecify.annotations.NullMarked;
