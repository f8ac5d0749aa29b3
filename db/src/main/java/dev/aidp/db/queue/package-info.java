/// The queue: one class per statement that changes it, connection first. Callers own the
/// transaction unless a method says that it commits.
@NullMarked
package dev.aidp.db.queue;

import org.jspecify.annotations.NullMarked;
