package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.grpc.GrpcClient;
import dev.sluice.testkit.grpc.GrpcClientCall;
import dev.sluice.testkit.grpc.GrpcEvent;
import dev.sluice.testkit.grpc.GrpcScript;
import dev.sluice.testkit.grpc.GrpcUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * gRPC from end to end, in the clear and over TLS: all four shapes of call, their trailers, and how
 * they end.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class GrpcIT {
    private static final String METHOD = "shop.Orders/Any";
    private static final Metadata.Key<String> NOTE =
            Metadata.Key.of("x-note", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BINARY =
            Metadata.Key.of("x-note-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** What both connections are over. */
    private enum Wire {
        CLEAR,
        /** TLS on both sides, HTTP/2 by ALPN. */
        TLS
    }

    @TempDir private Path folder;
    private TestCertificates certificates;
    private Issued server;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        server = certificates.issue("server", "localhost", "sluice.test");
    }

    private RunningProxy proxy(Wire wire, GrpcUpstream upstream, String route) {
        String routes =
                "- {match: {prefix: /, grpc: {}}, route: {cluster: app%s}}\n".formatted(route);
        String cluster = Yaml.http2Cluster("app", upstream.port());
        return RunningProxy.start(
                1,
                switch (wire) {
                    case CLEAR -> Yaml.bootstrap(routes, cluster);
                    case TLS ->
                            TlsYaml.secured(
                                    Yaml.bootstrap(
                                            routes,
                                            TlsYaml.secureCluster(
                                                    cluster,
                                                    "sni: localhost, common_tls_context: {"
                                                            + TlsYaml.trusting(certificates, "")
                                                            + "alpn_protocols: [h2]}")),
                                    TlsYaml.showing(server, "alpn_protocols: [h2], "));
                });
    }

    private GrpcClient connect(Wire wire, RunningProxy proxy) throws IOException {
        return switch (wire) {
            case CLEAR -> GrpcClient.connect(proxy.port());
            case TLS ->
                    GrpcClient.connect(
                            proxy.port(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(certificates.authorityFile().toFile())
                                    .build());
        };
    }

    private GrpcUpstream serving(Wire wire, GrpcScript<byte[], byte[]> script) throws IOException {
        return switch (wire) {
            case CLEAR -> GrpcUpstream.start(script);
            case TLS ->
                    GrpcUpstream.start(
                            script,
                            TlsServerCredentials.create(
                                    server.chainFile().toFile(), server.keyFile().toFile()));
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void unary_and_client_streaming_calls_are_answered_with_headers_and_trailers(Wire wire)
            throws Exception {
        GrpcScript<byte[], byte[]> counting =
                call -> {
                    Metadata headers = new Metadata();
                    headers.put(NOTE, "head");
                    call.sendHeaders(headers);
                    int read = 0;
                    while (call.read().isPresent()) {
                        read++;
                    }
                    call.send(bytes("read " + read));
                    Metadata trailers = new Metadata();
                    trailers.put(BINARY, new byte[] {0, 1, (byte) 0xff});
                    call.end(Status.OK, trailers);
                };
        try (GrpcUpstream upstream = serving(wire, counting);
                RunningProxy proxy = proxy(wire, upstream, "");
                GrpcClient client = connect(wire, proxy)) {
            Metadata asked = new Metadata();
            asked.put(NOTE, "asked");
            GrpcClient.Result one = client.call(METHOD, asked, bytes("a"));
            GrpcClient.Result many =
                    client.call(METHOD, new Metadata(), bytes("a"), bytes("b"), bytes("c"));

            assertThat(one.status().getCode()).isEqualTo(Status.Code.OK);
            assertThat(one.messages()).extracting(GrpcIT::text).containsExactly("read 1");
            assertThat(one.headers().get(NOTE)).as("headers").isEqualTo("head");
            assertThat(one.trailers().get(BINARY)).as("trailers").containsExactly(0, 1, 0xff);
            assertThat(many.messages()).extracting(GrpcIT::text).containsExactly("read 3");
            assertThat(upstream.next().metadata().get(NOTE)).as("metadata").isEqualTo("asked");
            ExchangeRecord record = proxy.nextRecord();
            assertThat(record.grpcStatus()).as("grpc-status in the record").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_server_streams_and_ends_with_a_status_of_its_own(Wire wire) throws Exception {
        GrpcScript<byte[], byte[]> streaming =
                call -> {
                    call.read();
                    for (int i = 0; i < 100; i++) {
                        call.send(bytes("message " + i));
                    }
                    Metadata trailers = new Metadata();
                    trailers.put(NOTE, "why");
                    call.end(Status.NOT_FOUND.withDescription("no more: 100 %"), trailers);
                };
        try (GrpcUpstream upstream = serving(wire, streaming);
                RunningProxy proxy = proxy(wire, upstream, "");
                GrpcClient client = connect(wire, proxy)) {
            GrpcClient.Result result = client.call(METHOD, new Metadata(), bytes("go"));

            assertThat(result.messages()).hasSize(100);
            assertThat(result.status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(result.status().getDescription()).isEqualTo("no more: 100 %");
            assertThat(result.trailers().get(NOTE)).isEqualTo("why");
            assertThat(proxy.nextRecord().grpcStatus()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void both_sides_stream_in_turn(Wire wire) throws Exception {
        try (GrpcUpstream upstream = serving(wire, GrpcScript.echo());
                RunningProxy proxy = proxy(wire, upstream, "");
                GrpcClient client = connect(wire, proxy)) {
            GrpcClientCall<byte[], byte[]> call = client.open(METHOD);
            for (int i = 0; i < 20; i++) {
                call.send(bytes("turn " + i));
                assertThat(text(call.nextMessage())).isEqualTo("turn " + i);
            }
            call.halfClose();

            assertThat(call.awaitClosed().status().getCode()).isEqualTo(Status.Code.OK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void large_messages_pass_whole_in_both_directions(Wire wire) throws Exception {
        byte[] large = new byte[3 * 1024 * 1024];
        large[large.length - 1] = 7;
        try (GrpcUpstream upstream = serving(wire, GrpcScript.echo());
                RunningProxy proxy = proxy(wire, upstream, "");
                GrpcClient client = connect(wire, proxy)) {
            GrpcClient.Result result = client.call(METHOD, new Metadata(), large);

            assertThat(result.messages()).hasSize(1);
            assertThat(result.messages().getFirst()).isEqualTo(large);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_its_client_cancels_is_cancelled_upstream(Wire wire) throws Exception {
        CompletableFuture<GrpcEvent<byte[]>> seen = new CompletableFuture<>();
        GrpcScript<byte[], byte[]> waiting =
                call -> {
                    call.send(bytes("ready"));
                    seen.complete(call.nextEvent());
                };
        try (GrpcUpstream upstream = serving(wire, waiting);
                RunningProxy proxy = proxy(wire, upstream, "");
                GrpcClient client = connect(wire, proxy)) {
            GrpcClientCall<byte[], byte[]> call = client.open(METHOD);
            call.nextMessage();
            call.cancel();

            assertThat(Patience.await(seen, "what the upstream sees"))
                    .isInstanceOf(GrpcEvent.Cancelled.class);
            assertThat(proxy.nextRecord().flags())
                    .containsExactly(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_takes_too_long_ends_with_deadline_exceeded(Wire wire) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        GrpcScript<byte[], byte[]> late =
                call -> {
                    call.await(done);
                    call.end(Status.OK, new Metadata());
                };
        try (GrpcUpstream upstream = serving(wire, late);
                RunningProxy proxy = proxy(wire, upstream, ", timeout: 0.1s");
                GrpcClient client = connect(wire, proxy)) {
            GrpcClient.Result result = client.call(METHOD, new Metadata(), bytes("a"));
            done.countDown();

            assertThat(result.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(proxy.nextRecord().flags())
                    .containsExactly(ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_the_proxy_refuses_is_a_status_of_grpc(Wire wire) throws Exception {
        try (GrpcUpstream upstream = serving(wire, GrpcScript.echo());
                RunningProxy proxy = proxy(wire, upstream, "");
                GrpcClient client = connect(wire, proxy)) {
            upstream.refuse();
            Status refused = client.call(METHOD, new Metadata(), bytes("a")).status();
            upstream.accept();
            List<byte[]> again = client.call(METHOD, new Metadata(), bytes("b")).messages();

            assertThat(refused.getCode()).as("nobody listens").isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(again).extracting(GrpcIT::text).as("somebody does").containsExactly("b");
        }
    }
}
