/**
 * Figures of the control plane: how fast its log takes commands, and how long it takes to start
 * from a long one and to verify it.
 */
@NullMarked
package dev.sluice.bench.control;

import org.jspecify.annotations.NullMarked;
