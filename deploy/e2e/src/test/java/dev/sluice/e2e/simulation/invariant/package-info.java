/**
 * What happened in a run, and what must hold in every one: models over the history that know
 * nothing of the code that decided.
 */
@NullMarked
package dev.sluice.e2e.simulation.invariant;

import org.jspecify.annotations.NullMarked;
