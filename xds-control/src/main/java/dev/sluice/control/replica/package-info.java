/**
 * Several control planes on one log: who leads, what followers tell the leader and hear from it.
 * Beside the order of packages, as {@code store} and {@code xds}; known to {@code boot} only.
 */
@NullMarked
package dev.sluice.control.replica;

import org.jspecify.annotations.NullMarked;
