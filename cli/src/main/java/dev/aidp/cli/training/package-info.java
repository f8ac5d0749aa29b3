/// What is run once for each build, so that later starts find their classes loaded and linked.
@NullMarked
package dev.aidp.cli.training;

import org.jspecify.annotations.NullMarked;
