/// What workers tidy up beside their work.
@NullMarked
package dev.aidp.worker.housekeeping;

import org.jspecify.annotations.NullMarked;
