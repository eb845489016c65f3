package dev.sluice.proxy.xds;

import io.grpc.ManagedChannel;

/** The streams of one connection to a management server. Owned by the configuration thread. */
record Connection(ManagedChannel channel, AdsStream resources, GateStream gates) {
    void end() {
        gates.cancel();
        resources.cancel();
        channel.shutdownNow();
    }
}
