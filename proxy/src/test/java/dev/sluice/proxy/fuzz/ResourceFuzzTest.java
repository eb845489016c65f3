package dev.sluice.proxy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.sluice.contract.Parsed;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.ResourceParsers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in a file or comes from a management server: taken, or refused with problems. */
class ResourceFuzzTest {
    static Stream<byte[]> bootstraps() {
        return Stream.of(
                        "{static_resources: {}}",
                        """
                        static_resources:
                          listeners:
                          - name: l
                            address: {socket_address: {address: 127.0.0.1, port_value: 1}}
                            filter_chains:
                            - filters:
                              - name: h
                                typed_config:
                                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                  stat_prefix: s
                                  http_filters:
                                  - {name: r, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
                                  route_config:
                                    virtual_hosts:
                                    - {name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: c}}]}
                          clusters:
                          - {name: c, type: STATIC, load_assignment: {cluster_name: c}}
                        """,
                        "a: &a [*a]",
                        "{\"node\": {\"id\": 1}}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("bootstraps")
    @FuzzTest(maxDuration = "90s")
    void a_bootstrap_is_read_or_refused(byte[] input) {
        check(BootstrapReader.read(new String(input, StandardCharsets.UTF_8), "fuzz.yaml"));
    }

    static Stream<byte[]> resources() {
        return Stream.of(
                        Listener.newBuilder().setName("l").build(),
                        Cluster.newBuilder()
                                .setName("c")
                                .setLoadAssignment(
                                        ClusterLoadAssignment.newBuilder().setClusterName("c"))
                                .build(),
                        RouteConfiguration.newBuilder().setName("r").build(),
                        Secret.newBuilder().setName("s").build())
                .map(Message::toByteArray);
    }

    @MethodSource("resources")
    @FuzzTest(maxDuration = "90s")
    void a_resource_is_taken_or_refused(byte[] input) {
        each(input, Listener::parseFrom, ResourceParsers::listener);
        each(input, Cluster::parseFrom, ResourceParsers::cluster);
        each(input, RouteConfiguration::parseFrom, ResourceParsers::routes);
        each(input, ClusterLoadAssignment::parseFrom, ResourceParsers::endpoints);
        each(input, Secret::parseFrom, ResourceParsers::secret);
    }

    private interface Decoder<M> {
        M decode(byte[] bytes) throws InvalidProtocolBufferException;
    }

    private interface Parser<M> {
        Parsed<?> parse(M message);
    }

    private static <M> void each(byte[] input, Decoder<M> decoder, Parser<M> parser) {
        M message;
        try {
            message = decoder.decode(input);
        } catch (InvalidProtocolBufferException noMessage) {
            return;
        }
        check(parser.parse(message));
    }

    private static void check(Parsed<?> parsed) {
        switch (parsed) {
            case Parsed.Ok<?> ok -> assertThat(ok.value()).isNotNull();
            case Parsed.Refused<?> refused -> assertThat(refused.problems()).isNotEmpty();
        }
    }
}
