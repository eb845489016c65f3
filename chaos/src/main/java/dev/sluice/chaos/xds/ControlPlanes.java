package dev.sluice.chaos.xds;

import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Channels to the control plane and to those that streams are rerouted to. Owned by the loop. */
final class ControlPlanes {
    private final ManagedChannel own;
    private final Function<XdsFault.Reroute, ManagedChannel> connect;
    private final Map<XdsFault.Reroute, ManagedChannel> others = new HashMap<>();

    /**
     * @param own where streams go without a fault
     * @param connect makes a channel; used once for each address
     */
    ControlPlanes(ManagedChannel own, Function<XdsFault.Reroute, ManagedChannel> connect) {
        this.own = own;
        this.connect = connect;
    }

    /** The channel to another control plane, or to the own one. */
    ManagedChannel to(Optional<XdsFault.Reroute> other) {
        return other.map(address -> others.computeIfAbsent(address, connect)).orElse(own);
    }

    /** Ends all channels, and waits for it. */
    void close(long seconds) throws InterruptedException {
        own.shutdownNow();
        others.values().forEach(ManagedChannel::shutdownNow);
        own.awaitTermination(seconds, TimeUnit.SECONDS);
        for (ManagedChannel other : others.values()) {
            other.awaitTermination(seconds, TimeUnit.SECONDS);
        }
    }
}
