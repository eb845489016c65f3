/**
 * Rules of ramps: what one may be begun with, and how it steps. Moves keys by the rules of gates.
 * Pure.
 */
@NullMarked
package dev.sluice.control.lifecycle.ramp;

import org.jspecify.annotations.NullMarked;
