/**
 * Rules of gates, their sets and cohorts, of moving keys, and of what nodes report about them. Read
 * {@link dev.sluice.control.lifecycle.gate.ShareRules} first: everything that moves keys goes
 * through it, whoever asks. Knows neither ramps nor migrations but as what holds a gate. Pure.
 */
@NullMarked
package dev.sluice.control.lifecycle.gate;

import org.jspecify.annotations.NullMarked;
