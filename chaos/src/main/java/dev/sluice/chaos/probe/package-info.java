/** Measures the steady state. */
@NullMarked
package dev.sluice.chaos.probe;

import org.jspecify.annotations.NullMarked;
