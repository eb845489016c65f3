/**
 * Rules of rings: in which order sidecars get a change of structure, and what holds the next ring
 * up. Knows what the fleet reports, and no migration. Pure.
 */
@NullMarked
package dev.sluice.control.lifecycle.ring;

import org.jspecify.annotations.NullMarked;
