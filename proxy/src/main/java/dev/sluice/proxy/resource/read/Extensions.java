package dev.sluice.proxy.resource.read;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import dev.sluice.balancing.v1.PeakEwma;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.document.DocumentTypes;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.tap.v3.Tap;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.EnvironmentResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;
import java.util.Optional;

/** What stands in the {@code Any} fields of resources. Stateless. */
public final class Extensions {
    /** The types that are known inside {@code Any}. */
    public static final DocumentTypes TYPES =
            DocumentTypes.of(
                    List.of(
                            Bootstrap.getDescriptor(),
                            HttpConnectionManager.getDescriptor(),
                            Router.getDescriptor(),
                            HttpProtocolOptions.getDescriptor(),
                            RoundRobin.getDescriptor(),
                            LeastRequest.getDescriptor(),
                            Random.getDescriptor(),
                            RingHash.getDescriptor(),
                            Maglev.getDescriptor(),
                            WrrLocality.getDescriptor(),
                            PeakEwma.getDescriptor(),
                            DownstreamTlsContext.getDescriptor(),
                            UpstreamTlsContext.getDescriptor(),
                            ProxyProtocolUpstreamTransport.getDescriptor(),
                            RawBuffer.getDescriptor(),
                            TcpProxy.getDescriptor(),
                            TlsInspector.getDescriptor(),
                            HttpInspector.getDescriptor(),
                            ProxyProtocol.getDescriptor(),
                            OriginalDst.getDescriptor(),
                            RBAC.getDescriptor(),
                            RBACPerRoute.getDescriptor(),
                            LocalRateLimit.getDescriptor(),
                            HTTPFault.getDescriptor(),
                            HealthCheck.getDescriptor(),
                            Tap.getDescriptor(),
                            io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig
                                    .getDescriptor(),
                            OpenTelemetryConfig.getDescriptor(),
                            ConnectionLimit.getDescriptor(),
                            AdaptiveConcurrency.getDescriptor(),
                            FixedHeapConfig.getDescriptor(),
                            DownstreamConnectionsConfig.getDescriptor(),
                            EnvironmentResourceDetectorConfig.getDescriptor(),
                            StaticConfigResourceDetectorConfig.getDescriptor(),
                            FileAccessLog.getDescriptor(),
                            StdoutAccessLog.getDescriptor(),
                            com.github.xds.type.v3.TypedStruct.getDescriptor(),
                            com.github.udpa.udpa.type.v1.TypedStruct.getDescriptor(),
                            dev.sluice.gate.v1.Gate.getDescriptor()));

    private static final String XDS_STRUCT =
            com.github.xds.type.v3.TypedStruct.getDescriptor().getFullName();
    private static final String UDPA_STRUCT =
            com.github.udpa.udpa.type.v1.TypedStruct.getDescriptor().getFullName();

    private Extensions() {}

    /** A configuration whose type is known by name only until somebody asks for its content. */
    public sealed interface Config {
        /** Full name of its type. */
        String type();

        /** In the type's own bytes. */
        record Packed(String type, Any any) implements Config {}

        /** As a free-form struct ({@code TypedStruct}). */
        record Loose(String type, Struct fields) implements Config {}
    }

    /**
     * The configuration of an extension that has a name; empty after a problem.
     *
     * @param config absent: not written
     * @param expected what may stand there
     * @param at of the extension
     */
    public static Optional<Config> typed(
            String name, Optional<Any> config, String expected, Spot at) {
        if (config.isEmpty()) {
            at.add(
                    Problem.quote(name) + " without typed_config",
                    expected,
                    "write its typed_config");
            return Optional.empty();
        }
        return config(config.get(), at.field("typed_config"));
    }

    /** Adds the problem of a type that is none of the expected ones; always empty. */
    public static <T> Optional<T> unsupported(Config config, String expected, Spot at) {
        at.add("type " + config.type(), expected, "use a supported type");
        return Optional.empty();
    }

    /** The configuration in {@code any}; empty after a problem. */
    public static Optional<Config> config(Any any, Spot at) {
        String type = DocumentTypes.nameOf(any.getTypeUrl());
        if (type.isEmpty()) {
            at.field("@type").add("no type", "a type URL", "say with \"@type\" what this is");
            return Optional.empty();
        }
        try {
            if (type.equals(XDS_STRUCT)) {
                var loose = com.github.xds.type.v3.TypedStruct.parseFrom(any.getValue());
                return Optional.of(loose(loose.getTypeUrl(), loose.getValue()));
            }
            if (type.equals(UDPA_STRUCT)) {
                var loose = com.github.udpa.udpa.type.v1.TypedStruct.parseFrom(any.getValue());
                return Optional.of(loose(loose.getTypeUrl(), loose.getValue()));
            }
            return Optional.of(new Config.Packed(type, any));
        } catch (InvalidProtocolBufferException malformed) {
            return malformed(type, at);
        }
    }

    /**
     * The content as a message, its fields checked ({@link Spot#guard}); empty after a problem. The
     * type was looked at before.
     */
    public static <M extends Message> Optional<M> open(Config config, M prototype, Spot at) {
        Optional<M> message =
                switch (config) {
                    case Config.Loose(String type, Struct fields) -> loose(fields, prototype, at);
                    case Config.Packed(String type, Any any) -> packed(type, any, prototype, at);
                };
        message.ifPresent(at::guard);
        return message;
    }

    /** {@link #config} and {@link #open} where only one type is right. */
    public static <M extends Message> Optional<M> only(Any any, M prototype, Spot at) {
        String expected = prototype.getDescriptorForType().getFullName();
        Optional<Config> config = config(any, at);
        if (config.isPresent() && !config.get().type().equals(expected)) {
            return unsupported(config.get(), expected, at);
        }
        return config.flatMap(known -> open(known, prototype, at));
    }

    private static Config.Loose loose(String url, Struct fields) {
        return new Config.Loose(DocumentTypes.nameOf(url), fields);
    }

    private static <M extends Message> Optional<M> loose(Struct fields, M prototype, Spot at) {
        Parsed<M> read = DocumentReader.read(fields, at.problems().path(), prototype, TYPES);
        return at.problems().take(read);
    }

    private static <M extends Message> Optional<M> packed(
            String type, Any any, M prototype, Spot at) {
        try {
            @SuppressWarnings("unchecked") // a message's parser makes its own class
            M message = (M) prototype.getParserForType().parseFrom(any.getValue());
            return Optional.of(message);
        } catch (InvalidProtocolBufferException malformed) {
            return malformed(type, at);
        }
    }

    private static <T> Optional<T> malformed(String type, Spot at) {
        at.add("bytes that are no " + type, "a " + type, "encode the message again");
        return Optional.empty();
    }
}
