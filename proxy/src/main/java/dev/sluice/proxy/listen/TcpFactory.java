package dev.sluice.proxy.listen;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;

/** Makes what carries the bytes of a filter chain's connections on one event loop. Thread-safe. */
@FunctionalInterface
public interface TcpFactory {
    NetworkFilter create(Loop loop, String listener, TcpProxySpec tcp);
}
