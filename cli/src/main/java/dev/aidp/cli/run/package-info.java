/// Runs of pipelines: queueing them, waiting for them, showing them.
@NullMarked
package dev.aidp.cli.run;

import org.jspecify.annotations.NullMarked;
