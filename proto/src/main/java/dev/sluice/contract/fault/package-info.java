/**
 * What a fault lease is: its words, its one reader, and the draw that says which requests it meets.
 * Read FaultLease first. Imports dev.sluice.contract, contract.gate and contract.match; only
 * LeaseParser and FaultParser know the generated messages. Immutable, free of clocks and
 * randomness.
 */
@NullMarked
package dev.sluice.contract.fault;

import org.jspecify.annotations.NullMarked;
