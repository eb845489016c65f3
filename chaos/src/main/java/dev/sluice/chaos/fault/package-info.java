/**
 * Fault leases on sidecars: planned from what an experiment asks for, taken, renewed while the run
 * lives, and ended. Start at {@code Leases}. Imports {@code probe} and {@code experiment}. Each
 * lease is renewed by a thread of its own; everything else belongs to the thread that runs.
 */
@NullMarked
package dev.sluice.chaos.fault;

import org.jspecify.annotations.NullMarked;
