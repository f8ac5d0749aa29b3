/// The environments that jobs run in.
@NullMarked
package dev.aidp.worker.environment;

import org.jspecify.annotations.NullMarked;
