/// The screens: their state, what keys and answers make of it, and how it is drawn.
///
/// Start reading at [Ui], then [Update] and [Render]. Nothing here does I/O.
@NullMarked
package dev.aidp.cli.tui.screen;

import org.jspecify.annotations.NullMarked;
