/**
 * How the Chaos Toolkit reads paths, patterns and values: Python's rules where they are others than
 * Java's. Imports nothing of this module. All types are immutable or stateless.
 */
@NullMarked
package dev.sluice.chaos.dialect;

import org.jspecify.annotations.NullMarked;
