package dev.sluice.proxy.pool;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import io.netty.channel.EventLoop;

/** Makes the connectors of clusters. Thread-safe. */
@FunctionalInterface
public interface ConnectorFactory {
    /** A connector for endpoints of this cluster, owned by this loop. */
    Connector create(EventLoop loop, ClusterSpec cluster);
}
