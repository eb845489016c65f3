/**
 * Commands, events, who stands behind them, and the port EventStore. What people declare stands in
 * {@code spec}, the form of an event in the log in {@code codec}. Pure: imports no network,
 * database, clock or randomness. Immutable.
 */
@NullMarked
package dev.sluice.control.change;

import org.jspecify.annotations.NullMarked;
