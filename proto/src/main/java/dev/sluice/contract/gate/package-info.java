/**
 * What a gate is: its words, its parts and its one reader and writer, used by both planes. Read
 * Gate first; how it decides is in dev.sluice.contract.decide. Imports dev.sluice.contract and
 * contract.match; only the classes that end in Parser or Writer know the generated messages.
 * Immutable, free of clocks and randomness.
 */
@NullMarked
package dev.sluice.contract.gate;

import org.jspecify.annotations.NullMarked;
