/// Times, durations and text as every file and screen of aidp writes them.
@NullMarked
package dev.aidp.core.text;

import org.jspecify.annotations.NullMarked;
