/// The workflows that ship with aidp: their steps, their progress, the prompts they queue.
@NullMarked
package dev.aidp.cli.workflow;

import org.jspecify.annotations.NullMarked;
