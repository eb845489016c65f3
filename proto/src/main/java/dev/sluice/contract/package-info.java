/**
 * The contract between the planes: names and problems as values. Imports nothing of Sluice; in the
 * order of reading, {@code match} says how a request must be, {@code gate} what a gate is, {@code
 * decide} what it decides. Immutable, but for Problems, which one parse owns.
 */
@NullMarked
package dev.sluice.contract;

import org.jspecify.annotations.NullMarked;
