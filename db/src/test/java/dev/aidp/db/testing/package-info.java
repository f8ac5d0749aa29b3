/// A PostgreSQL for tests, exported to the other modules by the test-jar.
@NullMarked
package dev.aidp.db.testing;

import org.jspecify.annotations.NullMarked;
