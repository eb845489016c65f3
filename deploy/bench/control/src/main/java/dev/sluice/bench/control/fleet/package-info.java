/**
 * Figures of the control plane with a fleet: how soon a change, a kill and a reconnection reach the
 * last of many sidecars, and what memory they take. Sidecars are simulated in one process, each
 * with a connection of its own; the control plane is another process.
 */
@NullMarked
package dev.sluice.bench.control.fleet;

import org.jspecify.annotations.NullMarked;
