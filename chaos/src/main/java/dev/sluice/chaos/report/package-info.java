/**
 * Journals of runs, and what people and CI systems read of them. Start at {@code Journal}. Imports
 * {@code experiment}, {@code probe} and {@code load}. Owned by the thread that runs.
 */
@NullMarked
package dev.sluice.chaos.report;

import org.jspecify.annotations.NullMarked;
