/**
 * The contract between the planes: names and problems as values. Imports nothing of Sluice.
 * Immutable.
 */
@NullMarked
package dev.sluice.contract;

import org.jspecify.annotations.NullMarked;
