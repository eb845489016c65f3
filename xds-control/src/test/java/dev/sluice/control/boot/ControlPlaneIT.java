package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.v1.BackUpLogRequest;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.GetServiceRequest;
import dev.sluice.admin.v1.ListNodesRequest;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.checkpoint.SigningKeys;
import dev.sluice.control.store.BackupFile;
import dev.sluice.control.store.LogRestore;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import dev.sluice.testkit.Patience;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneIT {
    @TempDir private Path folder;

    @Test
    void what_was_committed_is_there_after_a_restart() throws IOException {
        try (ControlPlane plane = start()) {
            call(
                    plane,
                    channel ->
                            ServiceServiceGrpc.newBlockingStub(channel)
                                    .createService(
                                            CreateServiceRequest.newBuilder()
                                                    .setServiceId("orders")
                                                    .setService(Service.newBuilder().setOwner("a"))
                                                    .build()));
        }

        try (ControlPlane again = start()) {
            Service read =
                    call(
                            again,
                            channel ->
                                    ServiceServiceGrpc.newBlockingStub(channel)
                                            .getService(
                                                    GetServiceRequest.newBuilder()
                                                            .setName("services/orders")
                                                            .build()));
            assertThat(read.getOwner()).isEqualTo("a");
        }
    }

    @Test
    void a_second_one_on_the_same_log_is_refused_and_the_first_serves_on() throws IOException {
        try (ControlPlane first = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("events.db")
                    .hasMessageContaining("another control plane");

            assertThat(
                            call(
                                            first,
                                            channel ->
                                                    NodeServiceGrpc.newBlockingStub(channel)
                                                            .listNodes(
                                                                    ListNodesRequest
                                                                            .getDefaultInstance()))
                                    .getNodesList())
                    .isEmpty();
        }
    }

    @Test
    void a_taken_port_is_told_and_leaves_the_log_free() throws IOException {
        try (ControlPlane first = start()) {
            Settings taken =
                    new Settings(
                            loopback(first.adminPort()),
                            Optional.empty(),
                            loopback(0),
                            Optional.empty(),
                            new NodeProof.Believed(),
                            Optional.empty(),
                            folder.resolve("other"),
                            Optional.empty(),
                            UsersFile.Contents.NOBODY,
                            Outward.NOWHERE,
                            Inquiry.NONE,
                            folder.resolve("backups"),
                            Optional.empty(),
                            History.CONTINUED);

            assertThatThrownBy(() -> ControlPlane.start(taken, Clock.systemUTC()))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("--listen");
        }

        try (ControlPlane other = ControlPlane.start(settings("other"), Clock.systemUTC())) {
            assertThat(other.adminPort()).isPositive();
        }
    }

    @Test
    void the_status_page_shows_the_state_and_asks_for_its_own_host() throws Exception {
        try (ControlPlane plane = start()) {
            String root = "http://127.0.0.1:" + plane.webPort().orElseThrow();

            HttpResponse<String> page = get(root + "/");
            HttpResponse<String> status = get(root + "/api/status");

            assertThat(page.body()).contains("<title>Sluice</title>");
            assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                    .contains("default-src 'none'");
            assertThat(status.body()).contains("\"gates\":[]").contains("\"nodes\":[]");
            HttpResponse<String> calendar = get(root + "/calendar.ics");
            assertThat(calendar.headers().firstValue("content-type"))
                    .hasValue("text/calendar; charset=utf-8");
            assertThat(calendar.body()).startsWith("BEGIN:VCALENDAR\r\n");
            assertThat(get(root + "/healthz").body()).isEqualTo("ok\n");
            assertThat(get(root + "/metrics").body()).contains("sluice_control_log_sequence");
            assertThat(get(root + "/nothing").statusCode()).isEqualTo(404);
            assertThat(get("http://localhost:" + plane.webPort().get() + "/").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void the_web_port_has_the_admin_api_for_those_who_show_a_token() throws Exception {
        try (ControlPlane plane = start()) {
            String root = "http://127.0.0.1:" + plane.webPort().orElseThrow();

            assertThat(get(root + "/openapi.json").body()).contains("GateService_KillGate");
            assertThat(get(root + "/v1/gates").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void a_start_from_an_image_finds_damage_before_it_and_serves_on() throws Exception {
        Path file = folder.resolve("state").resolve(OpenLog.FILE);
        Files.createDirectories(file.getParent());
        try (var store = SqliteEventStore.open(file, History.CONTINUED);
                ImageStore images = store.images()) {
            Head at = store.head();
            List<LoggedEvent> batch = new ArrayList<>();
            for (String name : List.of("orders", "invoices", "users")) {
                Event event = new Event.ServicePut(Fixtures.service(name));
                batch.add(HashChain.link(at, store.epoch(), Fixtures.STAMP, event));
                at = new Head(batch.getLast().seq(), batch.getLast().hash());
            }
            store.append(batch);
            images.keep(
                    new ImageStore.Image(
                            at,
                            ProgramForm.ofState().orElseThrow(),
                            CatalogImage.write(Catalog.EMPTY.applyAll(batch))));
        }
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = raw.createStatement()) {
            statement.executeUpdate("UPDATE event SET epoch = 7 WHERE seq = 2");
        }

        try (ControlPlane plane = start()) {
            assertThat(plane.feed().latest().service(new ServiceName("invoices"))).isPresent();
            String root = "http://127.0.0.1:" + plane.webPort().orElseThrow();
            long limit = System.nanoTime() + Patience.LIMIT.toNanos();
            while (!get(root + "/metrics").body().contains("sluice_control_log_damaged 1")) {
                assertThat(System.nanoTime()).as("waiting for the check").isLessThan(limit);
            }
            assertThat(get(root + "/api/status").body()).contains("\"logDamaged\":true");
        }
    }

    @Test
    void a_backup_that_is_asked_for_can_be_put_back() throws Exception {
        Operation backup;
        try (ControlPlane plane = start()) {
            backup =
                    call(
                            plane,
                            channel -> {
                                var operations = OperationServiceGrpc.newBlockingStub(channel);
                                Operation begun =
                                        operations.backUpLog(BackUpLogRequest.getDefaultInstance());
                                return last(
                                        operations.watchOperation(
                                                WatchOperationRequest.newBuilder()
                                                        .setName(begun.getName())
                                                        .build()));
                            });
            assertThat(backup.getBackedUp().getReplica()).endsWith(":" + plane.adminPort());
        }

        Path file = Path.of(backup.getBackedUp().getFile());
        assertThat(file)
                .hasParent(folder.resolve("backups"))
                .hasSize(backup.getBackedUp().getBytes());
        Path other = folder.resolve("other").resolve(OpenLog.FILE);
        Files.createDirectories(other.getParent());
        try (BackupFile written = BackupFile.open(file)) {
            assertThat(LogRestore.into(other, written).hash().hex())
                    .isEqualTo(backup.getBackedUp().getDigest());
        }
        try (ControlPlane restored = ControlPlane.start(settings("other"), Clock.systemUTC())) {
            assertThat(restored.feed().latest().operations())
                    .singleElement()
                    .as("it has the beginning of its own making, and goes on with it")
                    .satisfies(
                            found -> assertThat(found.resourceName()).isEqualTo(backup.getName()));
        }
    }

    @Test
    void checkpoints_are_kept_outside_and_find_a_log_that_was_cut() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path key = folder.resolve("key");
        SigningKeys.generate(key, folder.resolve("key.pub"));
        var signing =
                new CheckpointSettings(
                        Optional.of(outside),
                        Optional.empty(),
                        SigningKeys.readPrivate(key),
                        Duration.ofMinutes(1));
        try (ControlPlane plane =
                ControlPlane.start(settings("state", Optional.of(signing)), Clock.systemUTC())) {
            var unused =
                    call(
                            plane,
                            channel ->
                                    ServiceServiceGrpc.newBlockingStub(channel)
                                            .createService(
                                                    CreateServiceRequest.newBuilder()
                                                            .setServiceId("orders")
                                                            .build()));
            String metrics = "http://127.0.0.1:" + plane.webPort().orElseThrow() + "/metrics";
            long limit = System.nanoTime() + Patience.LIMIT.toNanos();
            while (!get(metrics)
                    .body()
                    .contains("sluice_checkpoint_sequence{place=\"folder\"} 1")) {
                assertThat(System.nanoTime()).as("waiting for it").isLessThan(limit);
            }
        }
        assertThat(verify(outside))
                .contains("whole: 1 events, 1 checkpoints, the newest of event 1");

        try (Connection raw =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + folder.resolve("state").resolve(OpenLog.FILE));
                Statement statement = raw.createStatement()) {
            statement.executeUpdate("DELETE FROM event");
        }
        assertThat(verify(outside)).contains("cut short");
    }

    private String verify(Path checkpoints) {
        var told = new StringWriter();
        var to = new PrintWriter(told);
        int unused =
                new AuditCommand(to, to, new LogDefaults(folder, Map.of()), Clock.systemUTC())
                        .run(
                                "verify",
                                "--state",
                                folder.resolve("state").toString(),
                                "--checkpoints",
                                checkpoints.toString(),
                                "--key",
                                folder.resolve("key.pub").toString());
        return told.toString();
    }

    private static Operation last(Iterator<Operation> states) {
        Operation last = states.next();
        while (states.hasNext()) {
            last = states.next();
        }
        return last;
    }

    private ControlPlane start() {
        return ControlPlane.start(settings("state"), Clock.systemUTC());
    }

    private Settings settings(String state) {
        return settings(state, Optional.empty());
    }

    private Settings settings(String state, Optional<CheckpointSettings> checkpoints) {
        return new Settings(
                loopback(0),
                Optional.empty(),
                loopback(0),
                Optional.empty(),
                new NodeProof.Believed(),
                Optional.of(loopback(0)),
                folder.resolve(state),
                Optional.empty(),
                UsersFile.Contents.NOBODY,
                Outward.NOWHERE,
                Inquiry.NONE,
                folder.resolve("backups"),
                checkpoints,
                History.CONTINUED);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private interface Call<A> {
        A on(Channel channel);
    }

    private <A> A call(ControlPlane plane, Call<A> call) throws IOException {
        ManagedChannel channel =
                Grpc.newChannelBuilder(
                                "127.0.0.1:" + plane.adminPort(),
                                InsecureChannelCredentials.create())
                        .build();
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + Files.readString(folder.resolve("state/admin.token")).strip());
        try {
            return call.on(
                    ClientInterceptors.intercept(
                            channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
        } finally {
            channel.shutdownNow();
        }
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
        }
    }
}
