/// The screens for those who listen: no alternate screen, no boxes, numbered menus, and a line for
/// each change.
@NullMarked
package dev.aidp.cli.tui.plain;

import org.jspecify.annotations.NullMarked;
