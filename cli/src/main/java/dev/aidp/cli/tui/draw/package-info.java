/// A small immediate-mode layer: a grid of cells, rectangles on it, and what is drawn there.
@NullMarked
package dev.aidp.cli.tui.draw;

import org.jspecify.annotations.NullMarked;
