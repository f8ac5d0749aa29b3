/// The engine of a worker: claims jobs, runs each on a thread of its own, keeps its leases, and
/// writes back what came of them. `docs/ARCHITECTURE.md` shows the way of a job through it.
@NullMarked
package dev.aidp.worker.engine;

import org.jspecify.annotations.NullMarked;
