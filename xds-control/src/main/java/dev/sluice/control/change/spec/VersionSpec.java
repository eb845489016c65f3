package dev.sluice.control.change.spec;

import dev.sluice.contract.VersionName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a person says of one deployed version of a service; it becomes one cluster of its name.
 * Immutable; ranges are checked by {@code lifecycle}.
 *
 * @param tls TLS to the endpoints; empty for plain text
 * @param healthCheck active health check; empty for none
 * @param acceptedSchema schema versions that it can work on
 * @param connectTimeout 1 ms..60 s; 1 s by default
 * @param inbound what its own sidecar does with calls to it; empty for no inbound listener
 * @param expires when its owner wants it gone; it is served after that
 */
public record VersionSpec(
        VersionName name,
        Map<String, String> labels,
        Endpoints endpoints,
        Protocol protocol,
        Optional<UpstreamTls> tls,
        Optional<HealthCheck> healthCheck,
        Optional<SchemaRange> acceptedSchema,
        Duration connectTimeout,
        Optional<Inbound> inbound,
        Optional<Instant> expires) {
    public VersionSpec {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /** Without an end. */
    public VersionSpec(
            VersionName name,
            Map<String, String> labels,
            Endpoints endpoints,
            Protocol protocol,
            Optional<UpstreamTls> tls,
            Optional<HealthCheck> healthCheck,
            Optional<SchemaRange> acceptedSchema,
            Duration connectTimeout,
            Optional<Inbound> inbound) {
        this(
                name,
                labels,
                endpoints,
                protocol,
                tls,
                healthCheck,
                acceptedSchema,
                connectTimeout,
                inbound,
                Optional.empty());
    }

    /** The same with another end. */
    public VersionSpec withEnd(Optional<Instant> end) {
        return new VersionSpec(
                name,
                labels,
                endpoints,
                protocol,
                tls,
                healthCheck,
                acceptedSchema,
                connectTimeout,
                inbound,
                end);
    }

    /** What an endpoint speaks. */
    public enum Protocol {
        HTTP1,
        /** HTTP/2, with prior knowledge where there is no TLS; gRPC needs it. */
        HTTP2
    }

    /**
     * TLS as a client; files are on the sidecar's machine.
     *
     * @param sni server name; empty for the host of the endpoint
     * @param trustedCaFile PEM of trusted certificates
     * @param subjectAltNames one must be in the certificate; empty means the SNI must
     * @param certificateFile own certificate, PEM; empty with {@code privateKeyFile}, or neither
     * @param privateKeyFile own key, PEM
     */
    public record UpstreamTls(
            String sni,
            String trustedCaFile,
            List<String> subjectAltNames,
            String certificateFile,
            String privateKeyFile) {
        public UpstreamTls {
            subjectAltNames = List.copyOf(subjectAltNames);
        }
    }

    /**
     * Active health check.
     *
     * @param interval 100 ms..1 h; 5 s by default
     * @param timeout 10 ms..interval; 1 s by default
     * @param unhealthyThreshold failures in a row, 1..100; 3 by default
     * @param healthyThreshold successes in a row, 1..100; 1 by default
     */
    public record HealthCheck(
            Check check,
            Duration interval,
            Duration timeout,
            int unhealthyThreshold,
            int healthyThreshold) {
        /** What is asked of an endpoint. */
        public sealed interface Check {
            /** GET of this path must answer 200. */
            record Http(String path) implements Check {}

            /** {@code grpc.health.v1} of this service name must answer SERVING. */
            record Grpc(String service) implements Check {}

            /** Connecting must succeed. */
            record Tcp() implements Check {}
        }
    }

    /**
     * A closed range of schema versions of one store, compared as dotted numbers.
     *
     * @param store 1..128 characters
     * @param max not below {@code min}
     */
    public record SchemaRange(String store, String min, String max) {}

    /**
     * The listener of a version's own sidecar and the application behind it.
     *
     * @param application where the application itself listens; its weight is 1
     */
    public record Inbound(ListenAddress listen, Endpoints.Endpoint application) {}
}
