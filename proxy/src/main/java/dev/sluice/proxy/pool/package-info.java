/** Upstream connections of one event loop and endpoint. Loop-owned. */
@NullMarked
package dev.sluice.proxy.pool;

import org.jspecify.annotations.NullMarked;
