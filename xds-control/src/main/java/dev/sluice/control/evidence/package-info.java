/** What sidecars saw, added up. Pure but for the totals, which are thread-safe. */
@NullMarked
package dev.sluice.control.evidence;

import org.jspecify.annotations.NullMarked;
