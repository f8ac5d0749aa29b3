/// How aidp says that something failed, why, and what to type next.
@NullMarked
package dev.aidp.core.error;

import org.jspecify.annotations.NullMarked;
