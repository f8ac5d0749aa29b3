@NullMarked
package dev.aidp.worker.engine;

import org.jspecify.annotations.NullMarked;
