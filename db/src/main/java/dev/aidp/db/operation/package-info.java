/// The file into which all processes of a user write what happens to jobs.
@NullMarked
package dev.aidp.db.operation;

import org.jspecify.annotations.NullMarked;
