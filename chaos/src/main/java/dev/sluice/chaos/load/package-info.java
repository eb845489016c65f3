/**
 * Sends requests at a fixed rate, keeps a ledger of them and checks it. Start at {@code Generator},
 * then {@code Checks}. Imports the contract and, of {@code experiment}, what waits. The generator
 * blocks the thread that calls it; all else is immutable, but for the ledger, which is thread-safe.
 */
@NullMarked
package dev.sluice.chaos.load;

import org.jspecify.annotations.NullMarked;
