/** HTTP filters and their settings for a route. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.filter;

import org.jspecify.annotations.NullMarked;
