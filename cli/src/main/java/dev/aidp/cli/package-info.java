/// The program `aidp`: takes its arguments apart, runs one command, turns what failed into an exit
/// code.
@NullMarked
package dev.aidp.cli;

import org.jspecify.annotations.NullMarked;
