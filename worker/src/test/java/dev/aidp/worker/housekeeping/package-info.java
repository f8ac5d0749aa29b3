@NullMarked
package dev.aidp.worker.housekeeping;

import org.jspecify.annotations.NullMarked;
