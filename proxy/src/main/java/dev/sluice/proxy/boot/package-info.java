/**
 * Starts and wires one proxy: reads the bootstrap, builds the snapshot, opens listeners. Known to
 * nobody.
 */
@NullMarked
package dev.sluice.proxy.boot;

import org.jspecify.annotations.NullMarked;
