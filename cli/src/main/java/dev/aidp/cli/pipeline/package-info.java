/// Pipelines as files: finding, reading and checking them, and showing what they would do.
@NullMarked
package dev.aidp.cli.pipeline;

import org.jspecify.annotations.NullMarked;
