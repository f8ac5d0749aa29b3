/// Git worktrees that jobs have to themselves.
@NullMarked
package dev.aidp.worker.worktree;

import org.jspecify.annotations.NullMarked;
