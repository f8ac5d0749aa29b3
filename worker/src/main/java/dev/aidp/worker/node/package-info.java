/// Runs the nodes of pipelines: what a node's definition asks for around the call of a provider or
/// a command.
@NullMarked
package dev.aidp.worker.node;

import org.jspecify.annotations.NullMarked;
