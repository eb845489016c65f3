package dev.sluice.proxy.listen;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;

/** Makes the path that the requests of a listener take on one event loop. Thread-safe. */
@FunctionalInterface
public interface PathFactory {
    /** The start of the path. */
    ServerStreamHandler create(Loop loop, String listener, HttpConnectionManagerSpec http);
}
