package dev.sluice.proxy.listen;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;

/** Makes the path that the requests of a filter chain take on one event loop. Thread-safe. */
@FunctionalInterface
public interface PathFactory {
    /** The start of the path. */
    ServerStreamHandler create(
            Loop loop,
            ListenerSpec listener,
            FilterChainSpec chain,
            HttpConnectionManagerSpec http);
}
