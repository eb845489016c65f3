/** The configuration as plain immutable records: listeners, routes, clusters, gates. Pure. */
@NullMarked
package dev.sluice.proxy.snapshot;

import org.jspecify.annotations.NullMarked;
