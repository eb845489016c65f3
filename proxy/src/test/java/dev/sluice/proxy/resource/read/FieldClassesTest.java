package dev.sluice.proxy.resource.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.envoyproxy.envoy.admin.v3.TapRequest;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;
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
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FieldClassesTest {
    private static final Path TABLE = Path.of("../docs/reference/envoy-fields.md");
    private static final List<Descriptor> ROOTS =
            List.of(
                    Bootstrap.getDescriptor(),
                    Runtime.getDescriptor(),
                    HttpConnectionManager.getDescriptor(),
                    Router.getDescriptor(),
                    RBAC.getDescriptor(),
                    RBACPerRoute.getDescriptor(),
                    LocalRateLimit.getDescriptor(),
                    HTTPFault.getDescriptor(),
                    JwtAuthentication.getDescriptor(),
                    PerRouteConfig.getDescriptor(),
                    HealthCheck.getDescriptor(),
                    Tap.getDescriptor(),
                    TapRequest.getDescriptor(),
                    OpenTelemetryConfig.getDescriptor(),
                    FixedHeapConfig.getDescriptor(),
                    DownstreamConnectionsConfig.getDescriptor(),
                    ConnectionLimit.getDescriptor(),
                    AdaptiveConcurrency.getDescriptor(),
                    StaticConfigResourceDetectorConfig.getDescriptor(),
                    FileAccessLog.getDescriptor(),
                    StdoutAccessLog.getDescriptor(),
                    io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog
                            .getDescriptor(),
                    io.envoyproxy.envoy.config.route.v3.FilterConfig.getDescriptor(),
                    HttpProtocolOptions.getDescriptor(),
                    RoundRobin.getDescriptor(),
                    LeastRequest.getDescriptor(),
                    Random.getDescriptor(),
                    RingHash.getDescriptor(),
                    Maglev.getDescriptor(),
                    WrrLocality.getDescriptor(),
                    DownstreamTlsContext.getDescriptor(),
                    UpstreamTlsContext.getDescriptor(),
                    RawBuffer.getDescriptor(),
                    TcpProxy.getDescriptor(),
                    TlsInspector.getDescriptor(),
                    HttpInspector.getDescriptor(),
                    ProxyProtocol.getDescriptor(),
                    OriginalDst.getDescriptor(),
                    ProxyProtocolUpstreamTransport.getDescriptor());

    /** Every message that the proxy looks into: the roots, and what implemented fields hold. */
    private static Map<String, Descriptor> messagesRead() {
        Map<String, Descriptor> found = new TreeMap<>();
        ROOTS.forEach(root -> collect(root, found));
        return found;
    }

    private static void collect(Descriptor type, Map<String, Descriptor> found) {
        if (type.getFullName().startsWith("google.protobuf.")
                || found.putIfAbsent(type.getFullName(), type) != null) {
            return;
        }
        for (FieldDescriptor field : type.getFields()) {
            boolean into =
                    FieldClasses.standard().of(type.getFullName(), field.getName()).orElse(null)
                            instanceof FieldClass.Implemented;
            if (into && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                value(field).ifPresent(value -> collect(value, found));
            }
        }
    }

    /** What a field holds; of a map, what it maps to. */
    private static Optional<Descriptor> value(FieldDescriptor field) {
        if (!field.isMapField()) {
            return Optional.of(field.getMessageType());
        }
        FieldDescriptor value = field.getMessageType().findFieldByName("value");
        return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? Optional.of(value.getMessageType())
                : Optional.empty();
    }

    @Test
    void every_field_of_every_message_that_is_read_has_a_class() {
        Set<String> missing = new TreeSet<>();
        messagesRead()
                .forEach((name, type) ->
                        type.getFields().stream()
                                .filter(f ->
                                        FieldClasses.standard().of(name, f.getName()).isEmpty())
                                .forEach(f -> missing.add(f.getFullName())));

        assertThat(missing).as("fields without a class; add them to field-classes.txt").isEmpty();
    }

    @Test
    void the_table_names_only_fields_that_exist_in_messages_that_are_read() {
        Map<String, Descriptor> read = messagesRead();
        Set<String> strange = new TreeSet<>();
        FieldClasses.standard()
                .all()
                .forEach((message, fields) -> {
                    if (!read.containsKey(message)) {
                        strange.add(message);
                        return;
                    }
                    fields.keySet().stream()
                            .filter(f -> read.get(message).findFieldByName(f) == null)
                            .forEach(f -> strange.add(message + "." + f));
                });

        assertThat(strange).as("names in field-classes.txt that nothing reads").isEmpty();
    }

    @Test
    void the_reference_says_what_the_table_says() throws IOException {
        String expected = markdown();
        if (Boolean.getBoolean("sluice.docs.write")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, expected);
        }

        assertThat(Files.readString(TABLE))
                .as("docs/reference/envoy-fields.md; write it with -Dsluice.docs.write=true")
                .isEqualTo(expected);
    }

    @Test
    void a_table_with_a_mistake_is_refused() {
        assertThatThrownBy(() -> FieldClasses.parse("a.B\n+ c\n~ c\n"))
                .hasMessageContaining("'c' twice");
        assertThatThrownBy(() -> FieldClasses.parse("a.B\n- c\n"))
                .hasMessageContaining("a remedy exactly after");
        assertThatThrownBy(() -> FieldClasses.parse("a.B\n+ c: d\n"))
                .hasMessageContaining("a remedy exactly after");
    }

    private static String markdown() {
        StringBuilder out =
                new StringBuilder(
                        """
                        # Fields of Envoy's API

                        Generated from `proxy/src/main/resources/dev/sluice/proxy/resource/read/field-classes.txt`; do not edit.

                        *Implemented* fields have their effect. *Inert* fields have no effect on which answer is given, to whom, or
                        when: they are accepted and listed in `/snapshot`. A resource that sets a *refused* field is refused
                        with the remedy given here, at start-up or by a NACK; so is one with a field that is unknown here.
                        """);
        FieldClasses.standard()
                .all()
                .forEach((message, fields) -> {
                    out.append("\n## ").append(message).append("\n\n");
                    if (fields.isEmpty()) {
                        out.append("No fields.\n");
                        return;
                    }
                    out.append("| field | class | remedy |\n|---|---|---|\n");
                    fields.forEach((name, fieldClass) -> out.append(row(name, fieldClass)));
                });
        return out.toString();
    }

    private static String row(String name, FieldClass fieldClass) {
        return switch (fieldClass) {
            case FieldClass.Implemented() -> "| `" + name + "` | implemented | |\n";
            case FieldClass.Inert() -> "| `" + name + "` | inert | |\n";
            case FieldClass.Refused(String remedy) ->
                    "| `" + name + "` | refused | " + remedy + " |\n";
        };
    }

    @Test
    void the_three_classes_are_told_apart() {
        FieldClasses classes = FieldClasses.parse("# c\na.B\n+ x y\n~ z\n- v w: use x\n");

        assertThat(classes.of("a.B", "y")).contains(new FieldClass.Implemented());
        assertThat(classes.of("a.B", "z")).contains(new FieldClass.Inert());
        assertThat(classes.of("a.B", "w")).contains(new FieldClass.Refused("use x"));
        assertThat(classes.of("a.B", "q")).isEmpty();
        assertThat(
                        classes.all().values().stream()
                                .flatMap(m -> m.keySet().stream())
                                .collect(Collectors.joining()))
                .isEqualTo("xyzvw");
    }
}
