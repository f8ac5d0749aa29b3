/// What executions cost, where their provider does not say it.
@NullMarked
package dev.aidp.worker.price;

import org.jspecify.annotations.NullMarked;
