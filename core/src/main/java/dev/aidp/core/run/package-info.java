/// Runs of pipelines: what is queued, how it stands, and what a node's end brings with it.
@NullMarked
package dev.aidp.core.run;

import org.jspecify.annotations.NullMarked;
