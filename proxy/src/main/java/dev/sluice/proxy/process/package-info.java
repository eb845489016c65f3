/**
 * Faults of this process itself: what a neighbour, a limit or a machine would do to it, bounded and
 * for a while. Start at {@code ProcessFaults}. Imports contract packages only; it runs on the
 * thread of whoever asks and on a timer, and on event loops only to hold them.
 */
@NullMarked
package dev.sluice.proxy.process;

import org.jspecify.annotations.NullMarked;
