/// What tells this worker process and its host from all others.
@NullMarked
package dev.aidp.worker.host;

import org.jspecify.annotations.NullMarked;
