package dev.sluice.chaos.xds;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of the responses of one stream. Owned by the proxy's thread. */
final class Responses {
    private final Map<String, byte[]> first = new HashMap<>(); // with resources, by type
    private byte @Nullable [] held;

    /**
     * What is sent in place of the next response, in order; may be nothing. Another method than xDS
     * is passed on as it is.
     *
     * @param active leases that meet the stream
     */
    List<byte[]> next(byte[] response, XdsMessages messages, List<XdsLease> active) {
        if (messages == XdsMessages.OTHER) {
            return List.of(response);
        }
        byte[] oldest = first.getOrDefault(messages.type(response), response);
        if (messages.hasResources(response)) {
            first.putIfAbsent(messages.type(response), response);
        }
        List<byte[]> sent = new ArrayList<>();
        sent.add(response);
        for (XdsLease lease : active) {
            switch (lease.fault()) {
                case XdsFault.Duplicate() -> {
                    sent.add(response);
                    lease.hit();
                }
                case XdsFault.Stale() -> {
                    if (oldest == response) {
                        lease.miss();
                    } else {
                        sent.add(oldest);
                        lease.hit();
                    }
                }
                case XdsFault.BadResources() -> {
                    Optional<byte[]> bad = messages.broken(response);
                    if (bad.isPresent()) {
                        sent.replaceAll(one -> one == response ? bad.get() : one);
                        lease.hit();
                    } else {
                        lease.miss();
                    }
                }
                case XdsFault.Reorder() -> {
                    if (held == null) {
                        held = sent.removeLast();
                        lease.miss();
                    } else {
                        sent.add(held);
                        held = null;
                        lease.hit();
                    }
                }
                case XdsFault.Partition(),
                        XdsFault.BlackHole(),
                        XdsFault.SlowAck _,
                        XdsFault.Reroute _ -> {}
            }
        }
        return sent;
    }

    /** What was held back for a fault that is over. */
    List<byte[]> flush(List<XdsLease> active) {
        if (held == null || active.stream().anyMatch(l -> l.fault() instanceof XdsFault.Reorder)) {
            return List.of();
        }
        byte[] last = held;
        held = null;
        return List.of(last);
    }
}
