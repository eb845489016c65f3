package dev.sluice.proxy.probe;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import io.netty.channel.EventLoop;

/** Makes the probes of clusters. Thread-safe. */
@FunctionalInterface
public interface ProbeFactory {
    /** A probe for endpoints of this cluster, owned by this loop. */
    Probe create(EventLoop loop, ClusterSpec cluster, HealthCheckSpec check);
}
