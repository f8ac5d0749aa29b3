/// The seam to the agent CLIs: what a provider is given, and what it answers. A new provider is one
/// class here and one test.
@NullMarked
package dev.aidp.worker.provider;

import org.jspecify.annotations.NullMarked;
