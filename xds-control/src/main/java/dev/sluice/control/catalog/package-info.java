/** The state: immutable resources, folded from events. Pure. */
@NullMarked
package dev.sluice.control.catalog;

import org.jspecify.annotations.NullMarked;
