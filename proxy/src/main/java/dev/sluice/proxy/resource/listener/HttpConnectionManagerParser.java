package dev.sluice.proxy.resource.listener;

import dev.sluice.proxy.resource.filter.HttpFilters;
import dev.sluice.proxy.resource.log.AccessLogParser;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.ConfigSources;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.resource.route.RouteConfigurationParser;
import dev.sluice.proxy.resource.route.UpgradeParser;
import dev.sluice.proxy.resource.trace.TracingParser;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Expecting;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.PathNormalization;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RequestIds;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Upgrades;
import dev.sluice.proxy.snapshot.listener.NetworkFilterSpec;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads HTTP connection managers; empty after a problem. Stateless. */
final class HttpConnectionManagerParser {
    private static final int MOST_HOPS = 1000;
    private static final int LARGEST_HEADERS_KB = 8192;
    private static final int SMALLEST_WINDOW = 65_535;

    private HttpConnectionManagerParser() {}

    static Optional<NetworkFilterSpec> parse(HttpConnectionManager proto, Spot at) {
        CodecType codec = codec(proto, at.field("codec_type"));
        Optional<RouteSource> routes = routes(proto, at);
        Optional<HttpFilters> filters =
                HttpFilters.parse(proto.getHttpFiltersList(), at.field("http_filters"));
        Limits limits = limits(proto, at);
        Timeouts timeouts = timeouts(proto, at);
        ConnectionSpec connections = ConnectionParser.parse(proto, at);
        List<AccessLogSpec> logs =
                AccessLogParser.parse(proto.getAccessLogList(), at.field("access_log"));
        Values.headerValue(proto.getServerName(), at.field("server_name"));
        Upgrades upgrades =
                new Upgrades(
                        UpgradeParser.ofListener(
                                proto.getUpgradeConfigsList(), at.field("upgrade_configs")),
                        proto.getHttp2ProtocolOptions().getAllowConnect());
        ProxyStatusSpec status = ProxyStatusParser.parse(proto, at.field("proxy_status_config"));
        if (routes.isEmpty() || filters.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HttpConnectionManagerSpec(
                        proto.getStatPrefix(),
                        codec,
                        routes.get(),
                        filters.get().filters(),
                        filters.get().gates(),
                        upgrades,
                        limits,
                        timeouts,
                        connections,
                        new PathNormalization(
                                proto.getNormalizePath().getValue(), proto.getMergeSlashes()),
                        forwarding(proto, at),
                        status,
                        logs,
                        proto.hasTracing()
                                ? TracingParser.parse(proto.getTracing(), at.field("tracing"))
                                : Optional.empty()));
    }

    private static CodecType codec(HttpConnectionManager proto, Spot at) {
        return switch (proto.getCodecType()) {
            case AUTO -> CodecType.AUTO;
            case HTTP1 -> CodecType.HTTP1;
            case HTTP2 -> CodecType.HTTP2;
            case HTTP3, UNRECOGNIZED -> {
                at.add(proto.getCodecType().name(), "AUTO, HTTP1 or HTTP2", "choose one of these");
                yield CodecType.AUTO;
            }
        };
    }

    private static Optional<RouteSource> routes(HttpConnectionManager proto, Spot at) {
        return switch (proto.getRouteSpecifierCase()) {
            case ROUTE_CONFIG ->
                    RouteConfigurationParser.parse(proto.getRouteConfig(), at.field("route_config"))
                            .map(RouteSource.Inline::new);
            case RDS -> {
                Spot rds = at.field("rds");
                ConfigSources.ads(proto.getRds().getConfigSource(), rds.field("config_source"));
                yield Optional.of(
                        new RouteSource.Rds(
                                Values.text(
                                        proto.getRds().getRouteConfigName(),
                                        rds.field("route_config_name"))));
            }
            case SCOPED_ROUTES -> Optional.empty(); // a refused field, already said
            case ROUTESPECIFIER_NOT_SET -> {
                at.add("no routes", "route_config or rds", "say where routes come from");
                yield Optional.empty();
            }
        };
    }

    private static Limits limits(HttpConnectionManager proto, Spot at) {
        Limits byDefault = Limits.DEFAULT;
        Spot common = at.field("common_http_protocol_options");
        Spot http2 = at.field("http2_protocol_options");
        var options = proto.getCommonHttpProtocolOptions();
        Http2ProtocolOptions h2 = proto.getHttp2ProtocolOptions();
        int headers =
                proto.hasMaxRequestHeadersKb()
                        ? 1024
                                * Values.number(
                                        proto.getMaxRequestHeadersKb(),
                                        1,
                                        LARGEST_HEADERS_KB,
                                        at.field("max_request_headers_kb"))
                        : byDefault.maxRequestHeadersBytes();
        int count =
                options.hasMaxHeadersCount()
                        ? Values.number(
                                options.getMaxHeadersCount(),
                                1,
                                Integer.MAX_VALUE,
                                common.field("max_headers_count"))
                        : byDefault.maxHeaders();
        int streams =
                h2.hasMaxConcurrentStreams()
                        ? Values.number(
                                h2.getMaxConcurrentStreams(),
                                1,
                                Integer.MAX_VALUE,
                                http2.field("max_concurrent_streams"))
                        : byDefault.maxConcurrentStreams();
        return new Limits(
                headers,
                count,
                streams,
                window(h2, http2),
                connectionWindow(h2, http2),
                proto.getHttpProtocolOptions().getAcceptHttp10());
    }

    private static int window(Http2ProtocolOptions h2, Spot at) {
        return h2.hasInitialStreamWindowSize()
                ? Values.number(
                        h2.getInitialStreamWindowSize(),
                        SMALLEST_WINDOW,
                        Integer.MAX_VALUE,
                        at.field("initial_stream_window_size"))
                : Limits.DEFAULT.initialStreamWindow();
    }

    private static int connectionWindow(Http2ProtocolOptions h2, Spot at) {
        return h2.hasInitialConnectionWindowSize()
                ? Values.number(
                        h2.getInitialConnectionWindowSize(),
                        SMALLEST_WINDOW,
                        Integer.MAX_VALUE,
                        at.field("initial_connection_window_size"))
                : Limits.DEFAULT.initialConnectionWindow();
    }

    private static Timeouts timeouts(HttpConnectionManager proto, Spot at) {
        Timeouts byDefault = Timeouts.DEFAULT;
        var common = proto.getCommonHttpProtocolOptions();
        Duration idle =
                common.hasIdleTimeout()
                        ? Values.duration(
                                common.getIdleTimeout(),
                                at.field("common_http_protocol_options").field("idle_timeout"))
                        : byDefault.idle();
        Duration streamIdle =
                proto.hasStreamIdleTimeout()
                        ? Values.duration(
                                proto.getStreamIdleTimeout(), at.field("stream_idle_timeout"))
                        : byDefault.streamIdle();
        Duration drain =
                proto.hasDrainTimeout()
                        ? Values.duration(proto.getDrainTimeout(), at.field("drain_timeout"))
                        : byDefault.drain();
        return new Timeouts(
                idle,
                streamIdle,
                Values.duration(
                        proto.getRequestHeadersTimeout(), at.field("request_headers_timeout")),
                Values.duration(proto.getRequestTimeout(), at.field("request_timeout")),
                drain,
                Values.duration(
                        common.getMaxStreamDuration(),
                        at.field("common_http_protocol_options").field("max_stream_duration")));
    }

    private static Forwarding forwarding(HttpConnectionManager proto, Spot at) {
        return new Forwarding(
                proto.getUseRemoteAddress().getValue(),
                trustedHops(proto, at.field("xff_num_trusted_hops")),
                requestIds(proto),
                Addresses.ranges(
                        proto.getInternalAddressConfig().getCidrRangesList(),
                        at.field("internal_address_config").field("cidr_ranges")),
                proto.getProxy100Continue() ? Expecting.UPSTREAM : Expecting.PROXY,
                proto.getServerName());
    }

    private static int trustedHops(HttpConnectionManager proto, Spot at) {
        long hops = Integer.toUnsignedLong(proto.getXffNumTrustedHops());
        if (hops > MOST_HOPS) {
            at.add(
                    String.valueOf(hops),
                    "0.." + MOST_HOPS,
                    "give the number of trusted proxies before this one");
            return 0;
        }
        return (int) hops;
    }

    private static RequestIds requestIds(HttpConnectionManager proto) {
        if (proto.hasGenerateRequestId() && !proto.getGenerateRequestId().getValue()) {
            return RequestIds.NEVER;
        }
        return proto.getPreserveExternalRequestId()
                ? RequestIds.WHERE_ABSENT
                : RequestIds.OWN_AT_EDGE;
    }
}
