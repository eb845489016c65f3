/**
 * HTTP/2 on a channel, for clients and upstreams: on Netty's frame reader and flow controller, with
 * stream state of its own and no channel per stream. Imports {@code codec.http1} (clock only),
 * {@code exchange} and {@code snapshot}. Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.codec.http2;

import org.jspecify.annotations.NullMarked;
