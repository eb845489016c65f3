/** Runs one experiment: baseline, inject, watch, restore, recover. */
@NullMarked
package dev.sluice.chaos.run;

import org.jspecify.annotations.NullMarked;
