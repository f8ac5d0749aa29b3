/// How commands print: JSON, tables, log lines, colours.
@NullMarked
package dev.aidp.cli.output;

import org.jspecify.annotations.NullMarked;
