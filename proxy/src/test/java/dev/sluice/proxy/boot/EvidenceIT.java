package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.Xds.CDS;
import static dev.sluice.proxy.boot.Xds.EDS;
import static dev.sluice.proxy.boot.Xds.GATE;
import static dev.sluice.proxy.boot.Xds.GATES;
import static dev.sluice.proxy.boot.Xds.LDS;
import static dev.sluice.proxy.boot.Xds.RDS;
import static dev.sluice.proxy.boot.Xds.cluster;
import static dev.sluice.proxy.boot.Xds.endpoints;
import static dev.sluice.proxy.boot.Xds.gate;
import static dev.sluice.proxy.boot.Xds.gatedRoutes;
import static dev.sluice.proxy.boot.Xds.listener;
import static dev.sluice.proxy.boot.Xds.servedRoutes;
import static dev.sluice.proxy.boot.Xds.writtenGate;
import static dev.sluice.proxy.boot.Xds.writtenRoutes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.contract.GateName;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.CallerEvidence;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.evidence.v1.GateEvidence;
import dev.sluice.evidence.v1.Trip;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.TakeBack;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.grpc.GrpcPeer;
import dev.sluice.testkit.grpc.GrpcServerCall;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.xds.ScriptedAds;
import dev.sluice.testkit.xds.StandingConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a proxy reports to its control plane, and what it takes back without one. */
@ExtendWith(LeakCheck.class)
class EvidenceIT {
    private static final String METHOD =
            EvidenceServiceGrpc.getStreamEvidenceMethod().getFullMethodName();

    private final Mailbox<EvidenceReport> reports = new Mailbox<>("evidence");
    private volatile boolean takesChanges;
    private final H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
    private final H1Upstream broken = H1Upstream.start(request -> H1Answer.status(503));
    private final StandingConfig config =
            new StandingConfig()
                    .put(CDS, "old", cluster("old"))
                    .put(CDS, "new", cluster("new"))
                    .put(EDS, "old", endpoints("old", old.port()))
                    .put(EDS, "new", endpoints("new", broken.port()))
                    .put(LDS, "main", listener("main", "r"))
                    .put(RDS, "r", gatedRoutes("r", "gates/orders"))
                    .put(GATE, "gates/orders", gate(1, 0));
    private final ScriptedAds ads = ScriptedAds.servingWith(config, this::evidence, GATES);

    @TempDir Path state;

    @AfterEach
    void closePeers() {
        ads.close();
        old.close();
        broken.close();
    }

    private Optional<GrpcPeer.Served<?, ?>> evidence(String method) {
        return method.equals(METHOD)
                ? Optional.of(
                        new GrpcPeer.Served<>(
                                EvidenceServiceGrpc.getStreamEvidenceMethod(), this::serve))
                : Optional.empty();
    }

    private void serve(GrpcServerCall<EvidenceReport, EvidenceReceipt> call) {
        for (Optional<EvidenceReport> next = call.read(); next.isPresent(); next = call.read()) {
            reports.put(next.get());
            call.send(
                    EvidenceReceipt.newBuilder()
                            .setSequence(next.get().getSequence())
                            .setInterval(Duration.newBuilder().setNanos(100_000_000))
                            .setTakesChanges(takesChanges)
                            .build());
        }
        call.end(io.grpc.Status.OK);
    }

    private ManagedProxy start() throws Exception {
        return ManagedProxy.start(Xds.bootstrap("GRPC", ads.port()), state, Clock.systemUTC())
                .awaitReady();
    }

    private EvidenceReport awaitApplied(long number) {
        return reports.next(
                "that obeys revision " + number,
                report ->
                        report.getAppliedList().stream()
                                .anyMatch(gate -> gate.getRevision().getNumber() == number));
    }

    @Test
    void reports_count_up_and_say_what_is_obeyed_and_what_was_seen() throws Exception {
        try (ManagedProxy proxy = start()) {
            EvidenceReport first = awaitApplied(1);
            proxy.get("u1");
            config.put(GATE, "gates/orders", gate(2, 10));
            EvidenceReport second = awaitApplied(2);
            EvidenceReport counted =
                    reports.next("with counts", report -> report.getGatesCount() > 0);
            GateEvidence seen = counted.getGates(0);

            assertThat(second.getSequence()).isGreaterThan(first.getSequence());
            assertThat(second.getBootId()).hasSize(32).isEqualTo(first.getBootId());
            assertThat(second.getApplied(0).getTime().getSeconds()).isPositive();
            assertThat(seen.getOperation()).isEqualTo("read");
            assertThat(seen.getShare().getRequests()).isEqualTo(1);
            assertThat(seen.getShare().getSuccesses()).isEqualTo(1);
        }
    }

    @Test
    void a_revision_with_a_hold_is_reported_applied_once_the_writes_before_it_are_over()
            throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        config.put(RDS, "r", writtenRoutes("r", "gates/orders"))
                .put(GATE, "gates/orders", writtenGate(1, 0));
        try (H1Upstream slow = H1Upstream.start(request -> H1Answer.ok("slow").after(go))) {
            config.put(EDS, "old", endpoints("old", slow.port()));
            try (ManagedProxy proxy = start();
                    RawHttp1Client writer = RawHttp1Client.connect(proxy.port())) {
                awaitApplied(1);
                writer.send("PUT / HTTP/1.1\r\nhost: h\r\nx-user: u\r\ncontent-length: 0\r\n\r\n");
                slow.next();
                config.put(GATE, "gates/orders", writtenGate(2, 1_000_000));
                AppliedGate before =
                        reports.next(
                                        "with a write under way",
                                        one ->
                                                one.getAppliedList().stream()
                                                        .anyMatch(gate ->
                                                                gate.getWritesUnderWay() == 1))
                                .getApplied(0);
                go.countDown();
                EvidenceReport after = awaitApplied(2);

                assertThat(before.getRevision().getNumber()).isEqualTo(1);
                assertThat(after.getApplied(0).getWritesUnderWay()).isZero();
                assertThat(writer.readResponse().body().text()).isEqualTo("slow");
            }
        }
    }

    @Test
    void a_process_that_hands_over_reports_its_own_writes_until_it_says_goodbye() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        config.put(RDS, "r", writtenRoutes("r", "gates/orders"))
                .put(GATE, "gates/orders", writtenGate(1, 0));
        String put = "PUT / HTTP/1.1\r\nhost: h\r\nx-user: u\r\ncontent-length: 0\r\n\r\n";
        try (H1Upstream slow = H1Upstream.start(request -> H1Answer.ok("slow").after(go))) {
            config.put(EDS, "old", endpoints("old", slow.port()));
            try (ManagedProxy before = start();
                    RawHttp1Client sent = RawHttp1Client.connect(before.port());
                    RawHttp1Client held = RawHttp1Client.connect(before.port())) {
                String run = awaitApplied(1).getBootId();
                sent.send(put);
                slow.next();
                try (ManagedProxy after = start()) {
                    config.put(GATE, "gates/orders", writtenGate(2, 1_000_000));
                    EvidenceReport next = awaitApplied(2);
                    held.send(put);
                    ManagedProxy.until(
                            "a write that waits",
                            () -> before.proxy().gates().heldWrites().waiting() == 1);
                    CompletableFuture<Void> drained = before.proxy().drain();

                    assertThat(next.getBootId()).as("the next process has none").isNotEqualTo(run);
                    assertThat(after.port()).isPositive();
                    reports.next(
                            "of the one before, with its write",
                            one -> is(one, run, 1) && one.getApplied(0).getWritesUnderWay() == 1);
                    go.countDown();
                    reports.next("of the one before, without", one -> is(one, run, 2));
                    assertThat(sent.readResponse().body().text()).isEqualTo("slow");
                    assertThat(drained).as("while a write waits").isNotDone();
                    config.put(GATE, "gates/orders", writtenGate(3, 0));
                    assertThat(held.readResponse().body().text()).isEqualTo("slow");
                    Patience.await(drained, "the clients of the one before to leave");
                    assertThat(slow.received()).as("writes sent").hasSize(2);
                }
            }
            reports.next("that says goodbye", EvidenceReport::getGoodbye);
        }
    }

    private static boolean is(EvidenceReport report, String run, long number) {
        return report.getBootId().equals(run)
                && report.getAppliedList().stream()
                        .anyMatch(gate -> gate.getRevision().getNumber() == number);
    }

    @Test
    void a_server_that_takes_changes_hears_of_a_gate_when_it_is_another() throws Exception {
        takesChanges = true;
        try (ManagedProxy proxy = start()) {
            EvidenceReport first = awaitApplied(1);
            EvidenceReport same =
                    reports.next(
                            "of the changes since",
                            report -> report.getAppliedSince() >= first.getSequence());
            config.put(GATE, "gates/orders", gate(2, 10));
            EvidenceReport second = awaitApplied(2);

            assertThat(proxy.port()).isPositive();
            assertThat(same.getAppliedSince()).isEqualTo(same.getSequence() - 1);
            assertThat(same.getAppliedList()).isEmpty();
            assertThat(second.getAppliedSince()).isEqualTo(second.getSequence() - 1);
        }
    }

    @Test
    void callers_of_the_service_beside_the_sidecar_are_reported_until_it_is_retired()
            throws Exception {
        config.put(RDS, "r", servedRoutes("r", "gates/orders", "old"));
        try (ManagedProxy proxy = start()) {
            awaitApplied(1);
            RawHttp1Client.get(proxy.port(), "/", "x-envoy-downstream-service-cluster", "shop");
            CallerEvidence served = nextCaller(1);
            config.put(
                    GATE,
                    "gates/orders",
                    gate(2, 1_000_000).toBuilder().setTakeBack(TakeBack.FORBIDDEN).build());
            awaitApplied(2);
            int status =
                    RawHttp1Client.get(
                                    proxy.port(), "/", "x-envoy-downstream-service-cluster", "shop")
                            .status();
            CallerEvidence refused = nextCaller(2);

            assertThat(served.getService()).as("service").isEqualTo("shop");
            assertThat(served.getIdentity()).as("identity").isEmpty();
            assertThat(served.getGate()).as("gate").isEqualTo("gates/orders");
            assertThat(served.getArm()).as("arm").isEqualTo(Arm.LEGACY);
            assertThat(served.getOperation()).as("operation").isEqualTo("read");
            assertThat(served.getLast().getSeconds()).as("last call").isPositive();
            assertThat(served.getRefused()).as("refused before").isZero();
            assertThat(status).as("past the point of no return").isEqualTo(421);
            assertThat(refused.getRefused()).as("refused after").isEqualTo(1);
        }
    }

    private CallerEvidence nextCaller(long requests) {
        return reports.next(
                        "with " + requests + " calls",
                        one ->
                                one.getCallersList().stream()
                                        .anyMatch(caller -> caller.getRequests() == requests))
                .getCallers(0);
    }

    @Test
    void reports_go_on_after_a_reconnect_in_the_same_sequence() throws Exception {
        try (ManagedProxy proxy = start()) {
            EvidenceReport before = awaitApplied(1);
            ads.refuse();
            proxy.get("u1");
            ads.accept();
            EvidenceReport after = reports.next("with counts", one -> one.getGatesCount() > 0);

            assertThat(after.getSequence()).isGreaterThan(before.getSequence());
            assertThat(after.getBootId()).isEqualTo(before.getBootId());
        }
    }

    @Test
    void an_orderly_end_says_goodbye() throws Exception {
        ManagedProxy proxy = start();
        awaitApplied(1);

        proxy.close();

        EvidenceReport last = reports.next("that says goodbye", EvidenceReport::getGoodbye);
        assertThat(last.getNodeId()).isEqualTo("node-1");
    }

    @Test
    void a_local_kill_is_reported_and_ends_when_it_is_acknowledged() throws Exception {
        config.put(GATE, "gates/orders", gate(2, 1_000_000));
        try (ManagedProxy proxy = start()) {
            proxy.proxy().kill(new GateName("orders"), "by hand");
            String killed = proxy.get("u1");
            String id =
                    reports.next("with a kill", one -> one.getLocalKillsCount() > 0)
                            .getLocalKills(0)
                            .getId();
            config.put(
                    GATE,
                    "gates/orders",
                    gate(3, 1_000_000).toBuilder().addAcknowledgedTrips(id).build());
            EvidenceReport resumed = awaitApplied(3);
            int status = RawHttp1Client.get(proxy.port(), "/", "x-user", "u1").status();

            assertThat(killed).as("while killed").isEqualTo("old");
            assertThat(id).startsWith("node-1/");
            assertThat(resumed.getLocalKillsList()).as("kills after the acknowledgement").isEmpty();
            assertThat(status).as("of the broken NEW again").isEqualTo(503);
        }
    }

    @Test
    void a_failing_new_arm_is_taken_back_without_control_plane_and_stays_so_over_a_restart()
            throws Exception {
        config.put(GATE, "gates/orders", gate(2, 500_000));
        Trip trip;
        try (ManagedProxy proxy = start()) {
            awaitApplied(2);
            ads.refuse();
            int failures = requestsUntilTrip(proxy);
            String after = proxy.get("u1");
            ads.accept();
            trip =
                    reports
                            .next(
                                    "with a trip",
                                    one -> one.getTripsList().stream().anyMatch(Trip::getMoved))
                            .getTripsList()
                            .stream()
                            .filter(Trip::getMoved)
                            .findFirst()
                            .orElseThrow();

            assertThat(failures).as("failures before the trip").isBetween(3, 60);
            assertThat(after).as("after the trip").isEqualTo("old");
            assertThat(trip.getOperation()).isEqualTo("read");
            assertThat(trip.getNewErrors()).isLessThanOrEqualTo(failures);
        }
        ads.refuse();
        try (ManagedProxy again = start()) {
            for (int user = 0; user < 50; user++) {
                assertThat(again.get("u" + user)).as("after a restart").isEqualTo("old");
            }
            ads.accept();
            config.put(
                    GATE,
                    "gates/orders",
                    gate(3, 1_000_000).toBuilder().addAcknowledgedTrips(trip.getId()).build());
            EvidenceReport resumed = awaitApplied(3);

            assertThat(resumed.getTripsList()).as("trips").noneMatch(Trip::getMoved);
        }
    }

    /** One request for each of many users; those of the broken arm until it is taken back. */
    private static int requestsUntilTrip(ManagedProxy proxy) throws Exception {
        int failures = 0;
        for (int user = 0; user < 2_000; user++) {
            int status = RawHttp1Client.get(proxy.port(), "/", "x-user", "user-" + user).status();
            failures += status == 503 ? 1 : 0;
            boolean tripped =
                    proxy.proxy()
                            .gates()
                            .find(new GateName("orders"))
                            .orElseThrow()
                            .trips()
                            .isEmpty();
            if (!tripped) {
                return failures;
            }
        }
        throw new AssertionError("no trip after " + failures + " failures");
    }
}
