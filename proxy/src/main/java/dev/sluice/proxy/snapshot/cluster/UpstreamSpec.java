package dev.sluice.proxy.snapshot.cluster;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.proxy.snapshot.part.FloodLimits;
import dev.sluice.proxy.snapshot.part.KeepAlive;
import java.time.Duration;
import java.util.Optional;

/**
 * What a cluster's endpoints speak, and what bounds the connections to them (Envoy {@code
 * HttpProtocolOptions} of a cluster). Immutable.
 *
 * @param protocol spoken
 * @param streamLimit from when an attempt has a connection to the end of its answer; zero: none
 * @param idle without exchanges, after which a connection closes; zero: never
 * @param longest time of one connection before it takes no more; zero: none
 * @param mostRequests that one connection carries; 0: any number
 * @param maxHeadBytes of an answer's head
 * @param maxHeaders fields of an answer's head
 * @param http2 what HTTP/2 has of its own
 */
public record UpstreamSpec(
        Protocol protocol,
        Duration streamLimit,
        Duration idle,
        Duration longest,
        int mostRequests,
        int maxHeadBytes,
        int maxHeaders,
        Http2 http2) {
    /** HTTP/1.1 with Envoy's limits. */
    public static final UpstreamSpec DEFAULT =
            new UpstreamSpec(
                    Protocol.HTTP1,
                    Duration.ZERO,
                    Duration.ofHours(1),
                    Duration.ZERO,
                    0,
                    60 * 1024,
                    100,
                    Http2.DEFAULT);

    /** The same, another protocol. */
    public UpstreamSpec speaking(Protocol other) {
        return new UpstreamSpec(
                other, streamLimit, idle, longest, mostRequests, maxHeadBytes, maxHeaders, http2);
    }

    /**
     * Connections of HTTP/2.
     *
     * @param streamWindow of one stream, bytes
     * @param connectionWindow of one connection, bytes
     * @param maxStreams at once on one connection, where the peer allows more
     * @param changes whether streams may change their protocol
     * @param floods bounds of what an endpoint sends that moves nothing
     * @param keepAlive absent: no pings
     */
    public record Http2(
            int streamWindow,
            int connectionWindow,
            int maxStreams,
            Changes changes,
            FloodLimits floods,
            Optional<KeepAlive> keepAlive) {
        /** Windows sized for a sidecar, else Envoy's limits. */
        public static final Http2 DEFAULT =
                new Http2(
                        256 * 1024,
                        1024 * 1024,
                        Integer.MAX_VALUE,
                        Changes.REFUSED,
                        FloodLimits.DEFAULT,
                        Optional.empty());
    }

    /** Whether streams may change their protocol (RFC 8441, Envoy {@code allow_connect}). */
    public enum Changes {
        /** They may not. */
        REFUSED,
        /** They may, where the endpoint says so; a connection waits for it to say. */
        ASKED
    }
}
