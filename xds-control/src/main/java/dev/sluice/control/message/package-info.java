/**
 * What can be said of any message of the contract, whatever it means: how two of them differ.
 * Imports no other package of the control plane, and may be imported by all. Immutable.
 */
@NullMarked
package dev.sluice.control.message;

import org.jspecify.annotations.NullMarked;
