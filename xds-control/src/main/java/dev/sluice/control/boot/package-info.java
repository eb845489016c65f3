/**
 * Starts and wires one control plane: reads settings, opens the log, builds the servers. Known to
 * nobody.
 */
@NullMarked
package dev.sluice.control.boot;

import org.jspecify.annotations.NullMarked;
