/// What screens show, and where it comes from.
@NullMarked
package dev.aidp.cli.tui.data;

import org.jspecify.annotations.NullMarked;
