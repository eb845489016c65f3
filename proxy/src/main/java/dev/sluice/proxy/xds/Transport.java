package dev.sluice.proxy.xds;

import io.grpc.ManagedChannel;

/** How the management server is reached. Implementations are owned by the configuration thread. */
@FunctionalInterface
public interface Transport {
    /** A channel to the next address of the management cluster. */
    ManagedChannel next();
}
