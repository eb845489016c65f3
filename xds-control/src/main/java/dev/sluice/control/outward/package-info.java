/**
 * Where this control plane may go by itself, whom it believes there, and with which secrets.
 * Imports nothing of the control plane.
 */
@NullMarked
package dev.sluice.control.outward;

import org.jspecify.annotations.NullMarked;
