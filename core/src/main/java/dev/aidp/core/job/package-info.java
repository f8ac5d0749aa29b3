/// What a job is: what was asked for, how it stands, what it cost and said.
@NullMarked
package dev.aidp.core.job;

import org.jspecify.annotations.NullMarked;
