@NullMarked
package dev.aidp.worker.process;

import org.jspecify.annotations.NullMarked;
