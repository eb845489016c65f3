/**
 * Where a connection becomes exchanges: {@code ServerCodec} for clients, {@code ClientCodec} for
 * upstreams; the protocols are in {@code http1} and {@code http2}. Imports {@code tls}, {@code
 * exchange}, {@code observe} and {@code snapshot}. Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.codec;

import org.jspecify.annotations.NullMarked;
