/** How requests are traced. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.trace;

import org.jspecify.annotations.NullMarked;
