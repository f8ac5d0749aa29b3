/// YAML with the place of everything in it, and nothing that could harm its reader.
@NullMarked
package dev.aidp.core.yaml;

import org.jspecify.annotations.NullMarked;
