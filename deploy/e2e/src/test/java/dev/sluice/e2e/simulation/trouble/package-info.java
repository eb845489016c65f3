/**
 * What goes wrong in a run, as data: drawn from the seed before anything runs, so that some of it
 * can be left out and the rest stays as it is.
 */
@NullMarked
package dev.sluice.e2e.simulation.trouble;

import org.jspecify.annotations.NullMarked;
