/** The hash chain over the event log. Pure. */
@NullMarked
package dev.sluice.control.audit;

import org.jspecify.annotations.NullMarked;
