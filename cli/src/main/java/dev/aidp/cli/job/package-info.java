/// Queueing a job and waiting for it.
@NullMarked
package dev.aidp.cli.job;

import org.jspecify.annotations.NullMarked;
