/** Journals and reports of a run. */
@NullMarked
package dev.sluice.chaos.report;

import org.jspecify.annotations.NullMarked;
