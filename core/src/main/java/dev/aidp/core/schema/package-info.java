/// JSON Schemas for what agents answer: the short form, checking, and finding the JSON in an
/// answer.
@NullMarked
package dev.aidp.core.schema;

import org.jspecify.annotations.NullMarked;
