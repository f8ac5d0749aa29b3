/// Forgetting: the history of what ended long ago, and the partitions that are empty then.
@NullMarked
package dev.aidp.db.prune;

import org.jspecify.annotations.NullMarked;
