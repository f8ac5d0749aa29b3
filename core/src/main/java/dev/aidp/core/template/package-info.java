/// `{{…}}` in prompts and commands: parsing, resolving, and quoting for the shell.
@NullMarked
package dev.aidp.core.template;

import org.jspecify.annotations.NullMarked;
