/// One class per command: parse, call, print.
@NullMarked
package dev.aidp.cli.command;

import org.jspecify.annotations.NullMarked;
