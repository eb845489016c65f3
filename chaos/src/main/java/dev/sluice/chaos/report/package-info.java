/**
 * Journals of runs. Start at {@code Journal}. Imports {@code experiment} and {@code probe}. Owned
 * by the thread that runs.
 */
@NullMarked
package dev.sluice.chaos.report;

import org.jspecify.annotations.NullMarked;
