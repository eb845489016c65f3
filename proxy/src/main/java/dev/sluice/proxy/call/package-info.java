/**
 * Requests that the proxy makes for itself, over its own clusters: their endpoints, health, TLS and
 * connections. Loop-owned but for {@link dev.sluice.proxy.call.ClusterCalls}.
 */
@NullMarked
package dev.sluice.proxy.call;

import org.jspecify.annotations.NullMarked;
