package dev.sluice.proxy.cluster;

import dev.sluice.proxy.snapshot.EndpointSpec;
import java.net.InetSocketAddress;

/**
 * An endpoint of the configuration with one of its addresses. Immutable.
 *
 * @param spec as configured
 * @param address resolved
 */
record ResolvedEndpoint(EndpointSpec spec, InetSocketAddress address) {}
