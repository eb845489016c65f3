/**
 * What a fault lease is: its words, its one reader, and the draw that says which requests it meets.
 * Read FaultLease first. Imports dev.sluice.contract, contract.gate and contract.match; only the
 * classes that end in Parser or Writer know the generated messages. Immutable, free of clocks and
 * randomness.
 */
@NullMarked
package dev.sluice.contract.fault;

import org.jspecify.annotations.NullMarked;
