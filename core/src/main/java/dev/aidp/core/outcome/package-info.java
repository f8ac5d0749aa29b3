/// How an execution ended, and what that means for its job.
@NullMarked
package dev.aidp.core.outcome;

import org.jspecify.annotations.NullMarked;
