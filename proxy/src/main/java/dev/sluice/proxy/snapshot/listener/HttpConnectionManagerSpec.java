package dev.sluice.proxy.snapshot.listener;

import dev.sluice.contract.gate.GateFilter;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import dev.sluice.proxy.snapshot.part.CidrSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a listener speaks HTTP (Envoy {@code HttpConnectionManager}). Immutable.
 *
 * @param statPrefix name in metrics
 * @param codec which protocols are spoken
 * @param routes where routes come from
 * @param filters asked in this order between route and gate
 * @param gates settings of the filter {@code sluice.gate}; absent: routes of this listener name no
 *     gates, and carried decisions pass untouched
 * @param upgrades to which protocols clients may change
 * @param limits sizes and counts
 * @param timeouts of the client's side
 * @param connections how long they live, and what they may carry
 * @param path how paths are normalised before matching
 * @param forwarding what is said about the client to the upstream
 * @param proxyStatus what the header {@code proxy-status} says
 * @param accessLogs where each exchange is written
 * @param tracing how requests are traced; absent: they are not
 */
public record HttpConnectionManagerSpec(
        String statPrefix,
        CodecType codec,
        RouteSource routes,
        List<HttpFilterSpec.Named> filters,
        Optional<GateFilter> gates,
        Upgrades upgrades,
        Limits limits,
        Timeouts timeouts,
        ConnectionSpec connections,
        PathNormalization path,
        Forwarding forwarding,
        ProxyStatusSpec proxyStatus,
        List<AccessLogSpec> accessLogs,
        Optional<TracingSpec> tracing)
        implements NetworkFilterSpec {

    public HttpConnectionManagerSpec {
        filters = List.copyOf(filters);
        accessLogs = List.copyOf(accessLogs);
    }

    /**
     * To which protocols clients may change.
     *
     * @param protocols in small letters, and whether clients may change to them where the route
     *     says nothing; to others they may not
     * @param overHttp2 clients may ask over HTTP/2 too, by extended CONNECT (RFC 8441); default
     *     false
     */
    public record Upgrades(Map<String, Boolean> protocols, boolean overHttp2) {
        /** Envoy's default: to none. */
        public static final Upgrades NONE = new Upgrades(Map.of(), false);

        public Upgrades {
            protocols = Map.copyOf(protocols);
        }
    }

    /** Who tells a client that waits with its body to go on. */
    public enum Expecting {
        /** This proxy, at once; the upstream is not asked. */
        PROXY,
        /** The upstream. */
        UPSTREAM
    }

    /** Protocols of a listener. */
    public enum CodecType {
        /** HTTP/2 when the connection starts with its preface, else HTTP/1. */
        AUTO,
        HTTP1,
        HTTP2
    }

    /** Where the route configuration comes from. */
    public sealed interface RouteSource {
        /** It stands in the listener. */
        record Inline(RouteConfigurationSpec routes) implements RouteSource {}

        /** It is a resource of the management server (RDS). */
        record Rds(String name) implements RouteSource {}
    }

    /**
     * Limits of one listener.
     *
     * @param maxRequestHeadersBytes whole header block; Envoy's default 60 KiB
     * @param maxHeaders fields in one block; Envoy's default 100
     * @param maxConcurrentStreams HTTP/2 streams of one connection; default 100
     * @param initialStreamWindow HTTP/2 window of one stream, bytes; default 256 KiB
     * @param initialConnectionWindow HTTP/2 window of one connection, bytes; default 1 MiB
     * @param acceptHttp10 HTTP/1.0 requests are served; default false
     */
    public record Limits(
            int maxRequestHeadersBytes,
            int maxHeaders,
            int maxConcurrentStreams,
            int initialStreamWindow,
            int initialConnectionWindow,
            boolean acceptHttp10) {
        /** Envoy's defaults, with HTTP/2 windows sized for a sidecar. */
        public static final Limits DEFAULT =
                new Limits(60 * 1024, 100, 100, 256 * 1024, 1024 * 1024, false);
    }

    /**
     * Timeouts of the client's side; zero turns one off.
     *
     * @param idle of a connection without streams; default 1 h
     * @param streamIdle without progress of one stream; default 5 min
     * @param requestHeaders from the first byte of a head to its end; default 0
     * @param request from the first byte of a head to the end of the request; default 0
     * @param drain between the two GOAWAY frames, and how long a closing connection may finish;
     *     default 5 s
     * @param stream from the head of a request to the end of its answer; default 0
     */
    public record Timeouts(
            Duration idle,
            Duration streamIdle,
            Duration requestHeaders,
            Duration request,
            Duration drain,
            Duration stream) {
        /** Envoy's defaults. */
        public static final Timeouts DEFAULT =
                new Timeouts(
                        Duration.ofHours(1),
                        Duration.ofMinutes(5),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        Duration.ZERO);
    }

    /**
     * Normalisation of the path that is matched and forwarded.
     *
     * @param normalize dot segments and percent-encoding of unreserved bytes (RFC 3986 section 6)
     * @param mergeSlashes runs of slashes become one
     */
    public record PathNormalization(boolean normalize, boolean mergeSlashes) {
        /** Envoy's default: paths stay as they came. */
        public static final PathNormalization NONE = new PathNormalization(false, false);
    }

    /** When an {@code x-request-id} is made up. */
    public enum RequestIds {
        NEVER,
        /** Where none came. */
        WHERE_ABSENT,
        /** And in place of what an external client says, where the direct peer is the client. */
        OWN_AT_EDGE
    }

    /**
     * What is said about the client to the upstream.
     *
     * @param useRemoteAddress the direct peer is the client: {@code x-forwarded-for} is appended to
     * @param trustedHops proxies before this one that are trusted, besides the direct peer where
     *     that is not the client; what they say of the client is believed; Envoy's default 0
     * @param requestIds when {@code x-request-id} is made up
     * @param internal addresses of clients whose {@code x-envoy-} headers are believed; Envoy's
     *     default is none
     * @param expecting who answers {@code expect: 100-continue}; Envoy's default is this proxy
     * @param serverName value of {@code server} in answers; empty: the upstream's stays
     */
    public record Forwarding(
            boolean useRemoteAddress,
            int trustedHops,
            RequestIds requestIds,
            List<CidrSpec> internal,
            Expecting expecting,
            String serverName) {
        /** Envoy's defaults. */
        public static final Forwarding DEFAULT =
                new Forwarding(false, 0, RequestIds.OWN_AT_EDGE, List.of(), Expecting.PROXY, "");

        public Forwarding {
            internal = List.copyOf(internal);
        }

        /** Nobody before this proxy is believed about how a request came. */
        public boolean isOutermost() {
            return useRemoteAddress && trustedHops == 0;
        }
    }
}
