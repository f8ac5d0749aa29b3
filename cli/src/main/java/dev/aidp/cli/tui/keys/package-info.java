/// What a user presses, and what each key does on a screen.
@NullMarked
package dev.aidp.cli.tui.keys;

import org.jspecify.annotations.NullMarked;
