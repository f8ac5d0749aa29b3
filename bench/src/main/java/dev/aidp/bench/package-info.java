/// Measures the queue on the real path: claim, run, complete. Figures are read as ratios within one
/// run, since machines are noisy.
@NullMarked
package dev.aidp.bench;

import org.jspecify.annotations.NullMarked;
