/** What a command does to a catalog: events, or every problem. Pure. */
@NullMarked
package dev.sluice.control.lifecycle;

import org.jspecify.annotations.NullMarked;
