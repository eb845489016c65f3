/**
 * Runs one experiment: baseline, inject, watch, restore, recover. Start at {@code Runner}. Imports
 * {@code report}, {@code probe} and {@code experiment}. One thread runs; any thread may interrupt.
 */
@NullMarked
package dev.sluice.chaos.run;

import org.jspecify.annotations.NullMarked;
