package dev.sluice.testkit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class GrpcUpstreamIT {
    private static final String METHOD = "shop.Orders/Any";
    private static final Metadata.Key<String> KEY =
            Metadata.Key.of("x-key", Metadata.ASCII_STRING_MARSHALLER);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> texts(GrpcClient.Result result) {
        return result.messages().stream()
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .toList();
    }

    private static Metadata metadata(String value) {
        Metadata metadata = new Metadata();
        metadata.put(KEY, value);
        return metadata;
    }

    @Test
    void echoes_a_unary_call_and_records_it() {
        try (GrpcUpstream upstream = GrpcUpstream.echo();
                GrpcClient client = GrpcClient.connect(upstream.port())) {
            GrpcClient.Result result = client.call(METHOD, metadata("k"), bytes("one"));

            assertThat(result.status().isOk()).isTrue();
            assertThat(texts(result)).containsExactly("one");
            GrpcUpstream.Call seen = upstream.next();
            assertThat(seen.method()).isEqualTo(METHOD);
            assertThat(seen.metadata().get(KEY)).isEqualTo("k");
        }
    }

    @Test
    void answers_many_messages_with_headers_status_and_trailers() {
        GrpcScript<byte[], byte[]> script =
                call -> {
                    call.sendHeaders(metadata("head"));
                    call.read().ifPresent(_ -> call.send(bytes("a")));
                    call.send(bytes("b"));
                    call.end(Status.ABORTED.withDescription("enough"), metadata("tail"));
                };
        try (GrpcUpstream upstream = GrpcUpstream.start(script);
                GrpcClient client = GrpcClient.connect(upstream.port())) {
            GrpcClient.Result result = client.call(METHOD, new Metadata(), bytes("go"));

            assertThat(texts(result)).containsExactly("a", "b");
            assertThat(result.headers().get(KEY)).isEqualTo("head");
            assertThat(result.status().getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(result.status().getDescription()).isEqualTo("enough");
            assertThat(result.trailers().get(KEY)).isEqualTo("tail");
        }
    }

    @Test
    void collects_the_messages_of_a_client_stream() {
        GrpcScript<byte[], byte[]> count =
                call -> {
                    int messages = 0;
                    while (call.read().isPresent()) {
                        messages++;
                    }
                    call.send(bytes(String.valueOf(messages)));
                    call.end(Status.OK);
                };
        try (GrpcUpstream upstream = GrpcUpstream.start(count);
                GrpcClient client = GrpcClient.connect(upstream.port())) {
            GrpcClient.Result result =
                    client.call(METHOD, new Metadata(), bytes("1"), bytes("2"), bytes("3"));

            assertThat(texts(result)).containsExactly("3");
        }
    }

    @Test
    void talks_both_ways_message_by_message() {
        try (GrpcUpstream upstream = GrpcUpstream.echo();
                GrpcClient client = GrpcClient.connect(upstream.port())) {
            GrpcClientCall<byte[], byte[]> call = client.open(METHOD);
            call.send(bytes("ping"));
            assertThat(call.nextMessage()).isEqualTo(bytes("ping"));
            call.send(bytes("pong"));
            assertThat(call.nextMessage()).isEqualTo(bytes("pong"));
            call.halfClose();

            assertThat(call.awaitClosed().status().isOk()).isTrue();
        }
    }

    @Test
    void sees_that_the_client_cancelled() {
        CountDownLatch seen = new CountDownLatch(1);
        GrpcScript<byte[], byte[]> script =
                call -> {
                    call.awaitCancelled();
                    seen.countDown();
                };
        try (GrpcUpstream upstream = GrpcUpstream.start(script);
                GrpcClient client = GrpcClient.connect(upstream.port())) {
            GrpcClientCall<byte[], byte[]> call = client.open(METHOD);
            upstream.next();
            call.cancel();

            assertThat(call.awaitClosed().status().getCode()).isEqualTo(Status.Code.CANCELLED);
            Patience.await(seen, "the upstream to see the cancellation");
        }
    }

    @Test
    void leaves_its_port_and_comes_back() {
        try (GrpcUpstream upstream = GrpcUpstream.echo()) {
            upstream.refuse();
            try (GrpcClient client = GrpcClient.connect(upstream.port())) {
                GrpcClient.Result refused = client.call(METHOD, new Metadata(), bytes("x"));
                assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            }
            upstream.accept();

            try (GrpcClient client = GrpcClient.connect(upstream.port())) {
                assertThat(client.call(METHOD, new Metadata(), bytes("x")).status().isOk())
                        .isTrue();
            }
        }
    }

    @Test
    void a_failed_assertion_in_a_script_ends_the_call_and_fails_the_test() {
        GrpcUpstream upstream =
                GrpcUpstream.start(call -> {
                    throw new AssertionError("unexpected " + call.method());
                });
        try (GrpcClient client = GrpcClient.connect(upstream.port())) {
            assertThat(client.call(METHOD, new Metadata()).status().getCode())
                    .isEqualTo(Status.Code.INTERNAL);
        }

        assertThatThrownBy(upstream::close)
                .isInstanceOf(AssertionError.class)
                .cause()
                .hasMessage("unexpected " + METHOD);
    }
}
