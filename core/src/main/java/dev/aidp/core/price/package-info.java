/// What tokens cost.
@NullMarked
package dev.aidp.core.price;

import org.jspecify.annotations.NullMarked;
