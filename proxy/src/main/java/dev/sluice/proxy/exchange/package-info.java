/**
 * One request and its answer as heads, streamed bodies and trailers, whatever the protocol.
 * Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.exchange;

import org.jspecify.annotations.NullMarked;
