/// What one invocation of the program works with: streams, environment, directories, database.
@NullMarked
package dev.aidp.cli.session;

import org.jspecify.annotations.NullMarked;
