/**
 * Signed ends of the log, put where who can write the log can't, and read again from there. The
 * class to read first is {@link dev.sluice.control.checkpoint.Checkpoints}. Imports {@code audit}
 * and {@code outward}.
 */
@NullMarked
package dev.sluice.control.checkpoint;

import org.jspecify.annotations.NullMarked;
