/// Brings the schema `aidp` up to date.
@NullMarked
package dev.aidp.db.migrate;

import org.jspecify.annotations.NullMarked;
