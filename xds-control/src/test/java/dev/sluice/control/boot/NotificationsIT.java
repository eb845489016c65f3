package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateSinkRequest;
import dev.sluice.admin.v1.GetSinkRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.Severity;
import dev.sluice.admin.v1.Sink;
import dev.sluice.admin.v1.SinkServiceGrpc;
import dev.sluice.admin.v1.TestSinkRequest;
import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.notify.HookServer;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole control plane that tells real webhooks. */
class NotificationsIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir private Path folder;

    @Test
    void a_restart_loses_none_and_repeats_only_under_the_same_id() throws Exception {
        try (var hook = new HookServer(503)) {
            try (Running first = new Running(hook)) {
                first.createSink("s", hook);
                first.createServices("a", "b", "c");
                assertThat(subject(hook.got().next())).isEqualTo("services/a");
            }
            hook.answer(204);
            try (Running again = new Running(hook)) {
                again.createServices("d");
                hook.got().next("about the last", got -> subject(got).equals("services/d"));
            }

            List<JsonNode> heard =
                    hook.got().received().stream().map(NotificationsIT::event).toList();
            assertThat(heard.stream().map(it -> it.path("subject").asText()).distinct())
                    .as("each in the order of the log")
                    .containsExactly("services/a", "services/b", "services/c", "services/d");
            Set<String> ids =
                    heard.stream().map(it -> it.path("id").asText()).collect(Collectors.toSet());
            assertThat(ids).as("one id for each event").hasSize(4);
        }
    }

    @Test
    void a_sink_that_answers_nothing_holds_up_no_command_and_no_other_sink() throws Exception {
        try (var dead = new HookServer(HookServer.SILENCE);
                var alive = new HookServer(204);
                Running running = new Running(dead, alive)) {
            running.createSink("dead", dead);
            running.createSink("alive", alive);
            dead.got().next("about what came first", got -> subject(got).equals("sinks/alive"));

            running.createServices("a", "b");

            alive.got().next("about the last", got -> subject(got).equals("services/b"));
            assertThat(dead.got().received())
                    .as("what was not taken holds back what follows")
                    .allSatisfy(got -> assertThat(subject(got)).isEqualTo("sinks/alive"));
            assertThat(running.sinks().getSink(named("dead")).getStatus().getSent()).isZero();
            assertThat(running.metrics())
                    .contains("sluice_sink_sent_total{sink=\"sinks/dead\"} 0.0")
                    .contains("sluice_sink_failing{sink=\"sinks/alive\"} 0.0");
        }
    }

    @Test
    void a_test_says_what_became_of_it_and_the_log_knows_nothing_of_it() throws Exception {
        try (var hook = new HookServer(204);
                Running running = new Running(hook)) {
            running.createSink("s", hook);
            long before = running.plane.feed().latest().seq();

            var answer =
                    running.sinks()
                            .testSink(TestSinkRequest.newBuilder().setName("sinks/s").build());

            assertThat(answer.getDelivered()).as(answer.getDetail()).isTrue();
            assertThat(event(hook.got().next()).path("id").asText()).isEqualTo(answer.getEventId());
            assertThat(running.plane.feed().latest().seq()).isEqualTo(before);
            hook.answer(500);
            assertThat(
                            running.sinks()
                                    .testSink(
                                            TestSinkRequest.newBuilder().setName("sinks/s").build())
                                    .getDetail())
                    .contains("answered 500");
        }
    }

    private static String subject(HookServer.Got got) {
        return event(got).path("subject").asText();
    }

    private static JsonNode event(HookServer.Got got) {
        try {
            return MAPPER.readTree(got.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(got.body(), e);
        }
    }

    private static GetSinkRequest named(String id) {
        return GetSinkRequest.newBuilder().setName("sinks/" + id).build();
    }

    /** One run of the control plane on the folder of the test, and its admin. */
    private final class Running implements AutoCloseable {
        private final ControlPlane plane;
        private final ManagedChannel connection;
        private final Channel admin;

        Running(HookServer... allowed) throws IOException {
            List<String> origins = Arrays.stream(allowed).map(HookServer::origin).toList();
            plane =
                    ControlPlane.start(
                            new Settings(
                                    loopback(),
                                    Optional.empty(),
                                    loopback(),
                                    Optional.empty(),
                                    new NodeProof.Believed(),
                                    Optional.of(loopback()),
                                    folder,
                                    Optional.empty(),
                                    UsersFile.Contents.NOBODY,
                                    new Outward(
                                            Origins.parse("--allow", origins).orThrow(),
                                            Secrets.NONE,
                                            Trust.ofSystem(),
                                            "urn:test"),
                                    Inquiry.NONE,
                                    folder.resolve("backups"),
                                    Optional.empty(),
                                    History.CONTINUED),
                            Clock.systemUTC());
            connection =
                    Grpc.newChannelBuilder(
                                    "127.0.0.1:" + plane.adminPort(),
                                    InsecureChannelCredentials.create())
                            .build();
            var headers = new Metadata();
            headers.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + Files.readString(folder.resolve("admin.token")).strip());
            admin =
                    ClientInterceptors.intercept(
                            connection, MetadataUtils.newAttachHeadersInterceptor(headers));
        }

        SinkServiceGrpc.SinkServiceBlockingStub sinks() {
            return SinkServiceGrpc.newBlockingStub(admin);
        }

        void createSink(String id, HookServer hook) {
            var unused =
                    sinks().createSink(
                                    CreateSinkRequest.newBuilder()
                                            .setSinkId(id)
                                            .setSink(
                                                    Sink.newBuilder()
                                                            .setWebhook(
                                                                    Sink.Webhook.newBuilder()
                                                                            .setUrl(hook.origin()))
                                                            .setSelector(
                                                                    Sink.Selector.newBuilder()
                                                                            .setSeverity(
                                                                                    Severity.INFO)))
                                            .build());
        }

        void createServices(String... ids) {
            for (String id : ids) {
                var unused =
                        ServiceServiceGrpc.newBlockingStub(admin)
                                .createService(
                                        CreateServiceRequest.newBuilder()
                                                .setServiceId(id)
                                                .setService(Service.newBuilder().setOwner("team"))
                                                .build());
            }
        }

        String metrics() throws IOException, InterruptedException {
            try (HttpClient client = HttpClient.newHttpClient()) {
                URI page =
                        URI.create(
                                "http://127.0.0.1:" + plane.webPort().orElseThrow() + "/metrics");
                return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                        .body();
            }
        }

        private static InetSocketAddress loopback() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        @Override
        public void close() {
            connection.shutdownNow();
            plane.close();
        }
    }
}
