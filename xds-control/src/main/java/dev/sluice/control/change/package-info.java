/** Commands, events and the port EventStore. Pure. */
@NullMarked
package dev.sluice.control.change;

import org.jspecify.annotations.NullMarked;
