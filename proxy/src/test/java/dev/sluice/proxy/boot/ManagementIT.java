package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.Xds.CDS;
import static dev.sluice.proxy.boot.Xds.EDS;
import static dev.sluice.proxy.boot.Xds.GATE;
import static dev.sluice.proxy.boot.Xds.GATES;
import static dev.sluice.proxy.boot.Xds.LDS;
import static dev.sluice.proxy.boot.Xds.RDS;
import static dev.sluice.proxy.boot.Xds.RTDS;
import static dev.sluice.proxy.boot.Xds.cluster;
import static dev.sluice.proxy.boot.Xds.endpoints;
import static dev.sluice.proxy.boot.Xds.gate;
import static dev.sluice.proxy.boot.Xds.gatedRoutes;
import static dev.sluice.proxy.boot.Xds.listener;
import static dev.sluice.proxy.boot.Xds.routes;
import static dev.sluice.proxy.boot.Xds.runtime;
import static dev.sluice.proxy.boot.Xds.sharedRoutes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.contract.GateName;
import dev.sluice.contract.ProcessFaultName;
import dev.sluice.contract.fault.ProcessFault;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.xds.DeltaStream;
import dev.sluice.testkit.xds.ScriptedAds;
import dev.sluice.testkit.xds.SotwStream;
import dev.sluice.testkit.xds.StandingConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy under a management server: what it takes, refuses, remembers and waits for. */
@ExtendWith(LeakCheck.class)
class ManagementIT {
    private final H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
    private final H1Upstream fresh = H1Upstream.start(request -> H1Answer.ok("new"));

    @TempDir Path state;

    @AfterEach
    void closeUpstreams() {
        old.close();
        fresh.close();
    }

    private StandingConfig plain() {
        return new StandingConfig()
                .put(CDS, "old", cluster("old"))
                .put(EDS, "old", endpoints("old", old.port()))
                .put(LDS, "main", listener("main", "r"))
                .put(RDS, "r", routes("r", "old"));
    }

    private StandingConfig gated(int share) {
        return plain().put(CDS, "new", cluster("new"))
                .put(EDS, "new", endpoints("new", fresh.port()))
                .put(GATE, "gates/orders", gate(1, share))
                .put(RDS, "r", gatedRoutes("r", "gates/orders"));
    }

    private static String reason(ManagedProxy proxy) {
        return switch (proxy.proxy().state()) {
            case ProxyState.Starting(String reason) -> reason;
            case ProxyState.Live(), ProxyState.Draining() -> "";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void serves_what_the_management_server_has_and_follows_its_changes(String protocol)
            throws Exception {
        StandingConfig config = gated(0);
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(Xds.bootstrap(protocol, ads.port())).awaitReady()) {
            String before = proxy.get("u1");
            config.put(GATE, "gates/orders", gate(2, 1_000_000));
            ManagedProxy.until("the new share", () -> share(proxy) == 1_000_000);

            assertThat(before).as("at share 0").isEqualTo("old");
            assertThat(proxy.get("u1")).as("at the whole share").isEqualTo("new");
            assertThat(reason(proxy)).as("why it is not ready").isEmpty();
        }
    }

    private static int share(ManagedProxy proxy) {
        return proxy.proxy()
                .gates()
                .find(new GateName("orders"))
                .map(held -> held.gate().share().value())
                .orElse(-1);
    }

    @Test
    void a_refused_resource_is_told_with_its_path_and_changes_nothing() throws Exception {
        try (ScriptedAds ads = ScriptedAds.start(GATES);
                ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap("GRPC", ads.port()))) {
            SotwStream stream = serve(ads);
            proxy.awaitReady();

            Cluster wrong =
                    cluster("old").toBuilder()
                            .setConnectTimeout(
                                    com.google.protobuf.Duration.newBuilder().setSeconds(-1))
                            .build();
            String text =
                    stream.awaitNack(stream.send(CDS, "2", List.of(wrong)))
                            .getErrorDetail()
                            .getMessage();

            assertThat(text).contains("cluster old: connect_timeout").contains("expected");
            assertThat(proxy.get("u1")).as("last good").isEqualTo("old");
        }
    }

    /** Serves the plain configuration by hand. */
    private SotwStream serve(ScriptedAds ads) {
        SotwStream stream = ads.nextSotw();
        stream.awaitRequest(CDS);
        stream.awaitAck(stream.send(CDS, "1", List.of(cluster("old"))));
        stream.awaitRequest(EDS, "old");
        stream.awaitAck(stream.send(EDS, "1", List.of(endpoints("old", old.port()))));
        stream.awaitAck(stream.send(LDS, "1", List.of(listener("main", "r"))));
        stream.awaitRequest(RDS, "r");
        stream.awaitAck(stream.send(RDS, "1", List.of(routes("r", "old"))));
        return stream;
    }

    @Test
    void a_name_that_stands_twice_and_a_resource_of_10_mb_are_refused() throws Exception {
        try (ScriptedAds ads = ScriptedAds.start(GATES);
                ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap("GRPC", ads.port()))) {
            SotwStream stream = serve(ads);
            proxy.awaitReady();

            String twice = stream.send(CDS, "2", List.of(cluster("old"), cluster("old")));
            String twiceText = stream.awaitNack(twice).getErrorDetail().getMessage();
            Cluster big =
                    cluster("old").toBuilder()
                            .setAltStatNameBytes(
                                    ByteString.copyFrom(
                                            "x"
                                                    .repeat(10_000_000)
                                                    .getBytes(
                                                            java.nio.charset.StandardCharsets
                                                                    .US_ASCII)))
                            .build();
            String bigText =
                    stream.awaitNack(stream.send(CDS, "3", List.of(big)))
                            .getErrorDetail()
                            .getMessage();

            assertThat(twiceText).contains("cluster old").contains("twice");
            assertThat(bigText).contains("bytes").contains("at most 8388608").hasSizeLessThan(300);
            assertThat(proxy.get("u1")).as("last good").isEqualTo("old");
        }
    }

    @Test
    void routes_wait_for_their_gate_and_what_was_served_goes_on() throws Exception {
        StandingConfig config = plain();
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(Xds.bootstrap("GRPC", ads.port())).awaitReady()) {
            config.put(CDS, "new", cluster("new"))
                    .put(EDS, "new", endpoints("new", fresh.port()))
                    .put(RDS, "r", gatedRoutes("r", "gates/orders"));
            DeltaStream gates = ads.nextDelta(GATES);
            gates.awaitSubscribe(GATE, "gates/orders");
            String meanwhile = proxy.get("u1");
            config.put(GATE, "gates/orders", gate(1, 1_000_000));
            ManagedProxy.until("the gate", () -> answers(proxy, "new"));

            assertThat(meanwhile).as("while the gate is awaited").isEqualTo("old");
        }
    }

    private static boolean answers(ManagedProxy proxy, String body) {
        try {
            return proxy.get("u1").equals(body);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_server_without_gates_is_named_as_the_reason() throws Exception {
        try (ScriptedAds ads = ScriptedAds.serving(gated(0));
                ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap("GRPC", ads.port()))) {
            ManagedProxy.until(
                    "the reason", () -> reason(proxy).contains("no GateDiscoveryService"));

            assertThat(reason(proxy)).contains("routes r wait for gate gates/orders");
            assertThat(proxy.isReady()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void clusters_change_under_load_without_a_failed_request(String protocol) throws Exception {
        StandingConfig config = plain();
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(Xds.bootstrap(protocol, ads.port())).awaitReady()) {
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Integer> load =
                    CompletableFuture.supplyAsync(() -> requests(proxy, stop));
            // Routes first, endpoints last, and the old cluster gone at once: the worst order.
            config.put(RDS, "r", routes("r", "new"))
                    .replace(CDS, Map.of("new", cluster("new")))
                    .put(EDS, "new", endpoints("new", fresh.port()));
            ManagedProxy.until("the new cluster", () -> answers(proxy, "new"));
            stop.set(true);

            assertThat(Patience.await(load, "the load")).as("requests, all answered").isPositive();
        }
    }

    private static int requests(ManagedProxy proxy, AtomicBoolean stop) {
        int done = 0;
        while (!stop.get()) {
            assertThat(answers(proxy, "old") || answers(proxy, "new")).isTrue();
            done++;
        }
        return done;
    }

    @Test
    void a_reconnect_tells_the_versions_that_are_held() throws Exception {
        try (ScriptedAds ads = ScriptedAds.serving(gated(0), GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(Xds.bootstrap("DELTA_GRPC", ads.port())).awaitReady()) {
            ads.nextDelta();
            ads.nextDelta(GATES);
            ads.refuse();
            String meanwhile = proxy.get("u1");
            ads.accept();
            DeltaDiscoveryRequest clusters = ads.nextDelta().awaitRequest(CDS);
            DeltaDiscoveryRequest gates = ads.nextDelta(GATES).awaitRequest(GATE);

            assertThat(meanwhile).isEqualTo("old");
            assertThat(clusters.getInitialResourceVersionsMap()).containsOnlyKeys("old", "new");
            assertThat(gates.getInitialResourceVersionsMap()).containsOnlyKeys("gates/orders");
            assertThat(clusters.getNode().getId()).as("node").isEqualTo("node-1");
        }
    }

    @Test
    void a_lower_revision_is_refused_after_a_higher_one() throws Exception {
        StandingConfig config = gated(1_000_000).put(GATE, "gates/orders", gate(7, 0));
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(Xds.bootstrap("GRPC", ads.port())).awaitReady()) {
            DeltaStream gates = ads.nextDelta(GATES);
            String nonce =
                    gates.send(GATE, DeltaStream.resource("gates/orders", "x", gate(6, 1_000_000)));
            String text = gates.awaitNack(nonce).getErrorDetail().getMessage();

            assertThat(text).contains("gate gates/orders: revision");
            assertThat(proxy.get("u1")).as("arm").isEqualTo("old");
        }
    }

    @Test
    void a_restart_without_control_plane_serves_the_last_good_and_converges_later()
            throws Exception {
        StandingConfig config = gated(1_000_000);
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES)) {
            String bootstrap = Xds.bootstrap("GRPC", ads.port());
            ManagedProxy.start(bootstrap, state, Clock.systemUTC()).awaitReady().close();
            ads.refuse();
            try (ManagedProxy again =
                    ManagedProxy.start(bootstrap, state, Clock.systemUTC()).awaitReady()) {
                String remembered = again.get("u1");
                config.put(GATE, "gates/orders", gate(2, 0));
                ads.accept();
                ManagedProxy.until("the return", () -> answers(again, "old"));

                assertThat(remembered).as("from the disk").isEqualTo("new");
            }
        }
    }

    @Test
    void state_older_than_max_stale_waits_for_the_control_plane() throws Exception {
        try (ScriptedAds ads = ScriptedAds.serving(gated(1_000_000), GATES)) {
            String bootstrap = Xds.bootstrap("GRPC", ads.port());
            ManagedProxy.start(bootstrap, state, Clock.systemUTC()).awaitReady().close();
            ads.refuse();
            Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
            try (ManagedProxy again = ManagedProxy.start(bootstrap, state, later)) {
                ManagedProxy.until("the reason", () -> reason(again).contains("sent no listener"));
                boolean early = again.isReady();
                ads.accept();
                again.awaitReady();

                assertThat(early).as("ready before the return").isFalse();
                assertThat(again.get("u1")).as("after the return").isEqualTo("new");
            }
        }
    }

    @Test
    void without_state_and_control_plane_it_is_not_ready_and_says_why() throws Exception {
        try (ScriptedAds ads = ScriptedAds.start()) {
            ads.refuse();
            try (ManagedProxy proxy =
                    ManagedProxy.start(
                            Xds.bootstrap("GRPC", ads.port()), state, Clock.systemUTC())) {
                ManagedProxy.until("the reason", () -> reason(proxy).contains("sent no listener"));

                assertThat(proxy.isReady()).isFalse();
            }
        }
    }

    @Test
    void a_full_disk_stops_nothing_and_what_is_new_is_remembered_afterwards() throws Exception {
        StandingConfig config = gated(1_000_000);
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(
                                        Xds.bootstrap("GRPC", ads.port()), state, Clock.systemUTC())
                                .awaitReady()) {
            byte[] before = remembered();
            ProcessFaults faults = proxy.faults();
            faults.take(
                    new ProcessFault(
                            Optional.of(new ProcessFaultName("disk")),
                            new ProcessFault.FullDisk(),
                            Duration.ofMinutes(1),
                            ""));
            config.put(GATE, "gates/orders", gate(2, 0));
            ManagedProxy.until("the new share", () -> answers(proxy, "old"));
            ManagedProxy.until("a write that fails", () -> faults.all().getFirst().injected() > 0);
            byte[] meanwhile = remembered();
            faults.end(new ProcessFaultName("disk"));
            config.put(GATE, "gates/orders", gate(3, 1_000_000));
            ManagedProxy.until("the next share", () -> answers(proxy, "new"));

            assertThat(meanwhile).as("state while the disk is full").isEqualTo(before);
            ManagedProxy.until("the new state", () -> !Arrays.equals(remembered(), before));
        }
    }

    /** What is on the disk; empty before there is anything. */
    private byte[] remembered() {
        try (Stream<Path> files = Files.list(state)) {
            Optional<Path> file =
                    files.filter(path -> path.toString().endsWith(".bin")).findFirst();
            return file.isPresent() ? Files.readAllBytes(file.get()) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_listener_ends_when_no_heartbeat_comes() throws Exception {
        com.google.protobuf.Duration hour =
                com.google.protobuf.Duration.newBuilder().setSeconds(3600).build();
        com.google.protobuf.Duration soon =
                com.google.protobuf.Duration.newBuilder().setNanos(1_000_000).build();
        try (ScriptedAds ads = ScriptedAds.start(GATES);
                ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap("GRPC", ads.port()))) {
            SotwStream stream = serve(ads);
            proxy.awaitReady();
            Resource main =
                    DeltaStream.resource("main", "", listener("main", "r")).toBuilder()
                            .setTtl(hour)
                            .build();
            stream.awaitAck(stream.send(LDS, "2", List.of(main)));
            Resource heartbeat = Resource.newBuilder().setName("main").setTtl(soon).build();

            String early = stream.send(LDS, "3", List.of(heartbeat));
            String refused = stream.awaitNack(early).getErrorDetail().getMessage();
            String served = proxy.get("u1");
            stream.awaitAck(stream.send(LDS, "2", List.of(heartbeat)));
            ManagedProxy.until("the end", () -> proxy.proxy().snapshot().listeners().isEmpty());

            assertThat(refused).contains("version '3' of it is not held here");
            assertThat(served).as("with an hour to live").isEqualTo("old");
            stream.awaitAck(stream.send(LDS, "4", List.of(listener("main", "r"))));
            stream.awaitAck(stream.send(RDS, "2", List.of(routes("r", "old"))));
            ManagedProxy.until("its return", () -> !proxy.proxy().snapshot().listeners().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void runtime_values_of_the_server_are_waited_for_and_followed(String protocol)
            throws Exception {
        StandingConfig config =
                plain().put(CDS, "new", cluster("new"))
                        .put(EDS, "new", endpoints("new", fresh.port()))
                        .put(RDS, "r", sharedRoutes("r", "canary"))
                        .put(RTDS, "values", runtime("values", "canary", 0));
        String layers =
                "layered_runtime: {layers: [{name: remote, rtds_layer: {name: values, rtds_config: {ads: {}, resource_api_version: V3}}}]}\n";
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(layers + Xds.bootstrap(protocol, ads.port()))
                                .awaitReady()) {
            String before = proxy.get("u1");
            config.put(RTDS, "values", runtime("values", "canary", 100));
            ManagedProxy.until("the new value", () -> answers(proxy, "new"));

            assertThat(before).as("at a share of 0").isEqualTo("old");
        }
    }
}
