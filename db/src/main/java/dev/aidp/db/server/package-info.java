/// The PostgreSQL that aidp runs itself when none is configured.
@NullMarked
package dev.aidp.db.server;

import org.jspecify.annotations.NullMarked;
