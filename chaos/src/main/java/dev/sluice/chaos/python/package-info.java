/**
 * The calls of Python modules that experiments use, as what they do and what they answer. No Python
 * is run. Start at {@code PythonCalls}. Pure; imports nothing of ours.
 */
@NullMarked
package dev.sluice.chaos.python;

import org.jspecify.annotations.NullMarked;
