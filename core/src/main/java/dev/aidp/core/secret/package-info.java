/// Finds secrets in text from outside and masks them.
@NullMarked
package dev.aidp.core.secret;

import org.jspecify.annotations.NullMarked;
