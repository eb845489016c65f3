package dev.sluice.proxy.snapshot.cluster;

import dev.sluice.proxy.snapshot.header.HeaderMutations.Addition;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster's endpoints are asked whether they are well (Envoy {@code HealthCheck}). Immutable.
 *
 * @param question what is asked
 * @param timeout of one check, connecting included
 * @param intervals between checks
 * @param healthyThreshold checks in a row that an endpoint passes before it is used again, 1..; the
 *     first check of an endpoint alone is enough
 * @param unhealthyThreshold checks in a row without an answer before an endpoint is left out, 1..;
 *     a bad answer alone is enough
 */
public record HealthCheckSpec(
        Question question,
        Duration timeout,
        Intervals intervals,
        int healthyThreshold,
        int unhealthyThreshold) {

    /** What is asked, and which answers are good. */
    public sealed interface Question {
        /** The protocol of the connections on which it is asked. */
        default ClusterSpec.Protocol speaks() {
            return switch (this) {
                case Http http -> http.protocol();
                case Grpc _ -> ClusterSpec.Protocol.HTTP2;
                case Tcp _ -> ClusterSpec.Protocol.TCP;
            };
        }

        /**
         * A request whose status tells.
         *
         * @param method without a body
         * @param host empty: the endpoint's name, else the cluster's
         * @param headers added to the request
         * @param expected good statuses
         * @param retriable statuses that count as no answer
         * @param protocol spoken
         */
        record Http(
                String method,
                String host,
                String path,
                List<Addition> headers,
                List<StatusRange> expected,
                List<StatusRange> retriable,
                ClusterSpec.Protocol protocol)
                implements Question {
            public Http {
                headers = List.copyOf(headers);
                expected = List.copyOf(expected);
                retriable = List.copyOf(retriable);
            }
        }

        /**
         * A call of {@code grpc.health.v1.Health/Check}.
         *
         * @param service asked about; empty: the server as a whole
         * @param authority empty: the endpoint's name, else the cluster's
         * @param headers added to the call
         */
        record Grpc(String service, String authority, List<Addition> headers) implements Question {
            public Grpc {
                headers = List.copyOf(headers);
            }
        }

        /**
         * A connection, and bytes over it.
         *
         * @param send bytes, one char each (ISO-8859-1); empty: none
         * @param receive bytes that must come in this order, others may come between; none: the
         *     connection is enough
         */
        record Tcp(String send, List<String> receive) implements Question {
            public Tcp {
                receive = List.copyOf(receive);
            }
        }
    }

    /** Statuses {@code first}..{@code last}. */
    public record StatusRange(int first, int last) {
        public boolean contains(int status) {
            return first <= status && status <= last;
        }
    }

    /**
     * Time between the end of a check and the next one.
     *
     * @param healthy of an endpoint that passes
     * @param unhealthy of one that does not
     * @param healthyEdge of one that passes, before it has passed often enough
     * @param unhealthyEdge of one that does not, before it has failed often enough
     * @param idleHealthy in place of the others while the cluster has had no request
     * @param idleUnhealthy the same, of an endpoint that does not pass
     * @param jitter spread
     */
    public record Intervals(
            Duration healthy,
            Duration unhealthy,
            Duration healthyEdge,
            Duration unhealthyEdge,
            Duration idleHealthy,
            Duration idleUnhealthy,
            Jitter jitter) {}

    /**
     * What is added to intervals at random, so that not all checks come at once.
     *
     * @param initial before the first check, at most
     * @param interval at most, later
     * @param percent of the interval, at most; 0..
     */
    public record Jitter(Duration initial, Duration interval, int percent) {
        /** Envoy's default: none. */
        public static final Jitter NONE = new Jitter(Duration.ZERO, Duration.ZERO, 0);
    }

    /**
     * What is special about checks of one endpoint (Envoy {@code HealthCheckConfig}).
     *
     * @param address asked in place of the endpoint's; absent: the endpoint's
     * @param port asked in place of the endpoint's; 0: the endpoint's
     * @param hostname said in place of the check's; empty: the check's
     * @param checked whether it is checked at all
     */
    public record OfEndpoint(
            Optional<SocketAddressSpec> address, int port, String hostname, boolean checked) {
        /** Nothing special. */
        public static final OfEndpoint DEFAULT = new OfEndpoint(Optional.empty(), 0, "", true);
    }
}
