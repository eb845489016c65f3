/** How requests are traced, as records. Pure. */
@NullMarked
package dev.sluice.proxy.resource.trace;

import org.jspecify.annotations.NullMarked;
