/// Where the database is, and how a connection to it is opened.
@NullMarked
package dev.aidp.db.connect;

import org.jspecify.annotations.NullMarked;
