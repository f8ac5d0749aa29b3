/// What is configured: flags win over the environment, that over files.
@NullMarked
package dev.aidp.cli.config;

import org.jspecify.annotations.NullMarked;
