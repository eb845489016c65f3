/**
 * A catalog as bytes, so that a start need not read the log from its first event. May import {@code
 * catalog} and {@code change}. Pure.
 */
@NullMarked
package dev.sluice.control.catalog.image;

import org.jspecify.annotations.NullMarked;
