/// What a pipeline is: its nodes, what they need, and the YAML and JSON forms of both.
@NullMarked
package dev.aidp.core.pipeline;

import org.jspecify.annotations.NullMarked;
