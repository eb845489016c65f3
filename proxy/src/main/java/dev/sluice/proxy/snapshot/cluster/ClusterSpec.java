package dev.sluice.proxy.snapshot.cluster;

import dev.sluice.proxy.snapshot.tls.TransportSocketSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A group of endpoints that do the same (Envoy {@code Cluster}). Immutable.
 *
 * @param name unique among clusters
 * @param discovery where its endpoints come from
 * @param balancing how one is chosen
 * @param connect how connections begin
 * @param upstream what the endpoints speak
 * @param transport what lies between TCP and the protocol, as it is configured
 * @param breakers limits over the whole proxy
 * @param check how endpoints are asked whether they are well; absent: they are not
 * @param outliers when endpoints are left out because of their answers; absent: never
 */
public record ClusterSpec(
        String name,
        Discovery discovery,
        BalancingSpec balancing,
        ConnectSpec connect,
        UpstreamSpec upstream,
        TransportSocketSpec transport,
        CircuitBreakers breakers,
        Optional<HealthCheckSpec> check,
        Optional<OutlierSpec> outliers) {
    /**
     * TLS with endpoints, which are offered the protocol that is spoken where the configuration
     * names none, as in Envoy; absent: without TLS.
     */
    public Optional<UpstreamTlsSpec> tls() {
        return transport.offering(upstream.protocol().names()).tls();
    }

    /** The same, another protocol. Tunnels are opened as the cluster's other connections are. */
    public ClusterSpec speaking(Protocol other) {
        return new ClusterSpec(
                name,
                discovery,
                balancing,
                connect,
                upstream.speaking(other),
                other == Protocol.TCP ? transport.offering(upstream.protocol().names()) : transport,
                breakers,
                check,
                outliers);
    }

    /** The same for a TCP proxy, whose connections carry bytes. */
    public ClusterSpec carryingBytes() {
        return new ClusterSpec(
                name,
                discovery,
                balancing,
                connect,
                upstream,
                transport.carryingBytes(),
                breakers,
                check,
                outliers);
    }

    /** Where endpoints come from. */
    public sealed interface Discovery {
        record Static(LoadAssignmentSpec load) implements Discovery {}

        /** Host names, whose addresses are endpoints. */
        record Dns(LoadAssignmentSpec load, DnsSpec dns) implements Discovery {}

        /** A resource of the management server (EDS). */
        record Eds(String serviceName) implements Discovery {}

        /**
         * Wherever the connections and requests that come wanted to go (Envoy {@code
         * ORIGINAL_DST}).
         *
         * @param sweep time between looks for destinations that are not in use any more; Envoy's
         *     default 5 s
         */
        record OriginalDst(Duration sweep) implements Discovery {}
    }

    /** What endpoints speak. */
    public enum Protocol {
        HTTP1,
        HTTP2,
        /** Bytes alone: the tunnels that CONNECT opens. */
        TCP,
        /** What ALPN agrees on, HTTP/1.1 when it does not (Envoy {@code auto_config}). */
        AUTO,
        /**
         * What the client speaks, HTTP/1.1 for one of HTTP/1.0 (Envoy {@code
         * use_downstream_protocol_config}).
         */
        CLIENTS;

        /** What is offered by ALPN (RFC 7301), the preferred one first; empty: nothing. */
        public List<String> names() {
            return switch (this) {
                case HTTP1 -> List.of("http/1.1");
                case HTTP2 -> List.of("h2");
                case AUTO -> List.of("h2", "http/1.1");
                case TCP, CLIENTS -> List.of();
            };
        }
    }

    /**
     * Limits of one cluster over the whole proxy.
     *
     * @param maxConnections Envoy's default 1,024
     * @param maxPendingRequests waiting for a connection; Envoy's default 1,024
     * @param maxRequests under way; Envoy's default 1,024
     * @param retries under way
     */
    public record CircuitBreakers(
            int maxConnections, int maxPendingRequests, int maxRequests, RetryLimit retries) {
        /** Envoy's defaults. */
        public static final CircuitBreakers DEFAULT =
                new CircuitBreakers(1024, 1024, 1024, new RetryLimit.Fixed(3));
    }

    /** How many retries may be under way. */
    public sealed interface RetryLimit {
        /**
         * So many.
         *
         * @param maxRetries Envoy's default 3
         */
        record Fixed(int maxRetries) implements RetryLimit {}

        /**
         * A share of the requests that are under way or wait (Envoy {@code retry_budget}).
         *
         * @param percent 0..100; Envoy's default 20
         * @param least allowed however few requests there are; Envoy's default 3
         */
        record Budget(double percent, int least) implements RetryLimit {}
    }
}
