/**
 * HTTP/1.1 on a channel, for clients and upstreams: strict reading, streamed bodies, one head per
 * write. Imports {@code exchange} and {@code snapshot} only. Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.codec.http1;

import org.jspecify.annotations.NullMarked;
