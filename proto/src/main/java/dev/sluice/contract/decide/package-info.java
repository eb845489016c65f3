/**
 * How a gate decides: read GateDecider first. Buckets, keys, decisions that are carried between
 * sidecars and told to clients, and what a change of a gate moves. Imports contract.gate and
 * contract.match. Immutable, but for the loop-owned decider; free of clocks and randomness.
 */
@NullMarked
package dev.sluice.contract.decide;

import org.jspecify.annotations.NullMarked;
