/**
 * Which arm a request takes, as this sidecar knows it: gates in force, carried decisions, kills.
 * Decisions are pure; the table of gates is thread-safe.
 */
@NullMarked
package dev.sluice.proxy.gate;

import org.jspecify.annotations.NullMarked;
