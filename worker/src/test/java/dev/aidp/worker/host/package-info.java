@NullMarked
package dev.aidp.worker.host;

import org.jspecify.annotations.NullMarked;
