/**
 * What a run shows of its faults to others: a page of metrics while it runs, and spans afterwards.
 * Start at {@code ActiveFaults}. Imports {@code experiment}. Thread rules stand at each class.
 */
@NullMarked
package dev.sluice.chaos.telemetry;

import org.jspecify.annotations.NullMarked;
