/// What users look at: jobs, executions, logs, workers. Reads only.
@NullMarked
package dev.aidp.db.read;

import org.jspecify.annotations.NullMarked;
