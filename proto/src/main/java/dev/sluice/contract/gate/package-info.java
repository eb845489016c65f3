/**
 * The meaning of a gate, once and pure: both planes parse and decide with these classes. Imports
 * dev.sluice.contract and, in GateParser only, the generated messages. Immutable, free of clocks
 * and randomness.
 */
@NullMarked
package dev.sluice.contract.gate;

import org.jspecify.annotations.NullMarked;
