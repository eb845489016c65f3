package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import dev.sluice.admin.v1.DiffGateRevisionsRequest;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateCaller;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.admin.v1.GateDiff.FieldChange;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListGateCallersRequest;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.admin.v1.ListVersionsRequest;
import dev.sluice.admin.v1.PreviewGateRequest;
import dev.sluice.admin.v1.RestoreGateRevisionRequest;
import dev.sluice.admin.v1.WatchGatesRequest;
import dev.sluice.contract.GateName;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.Reason;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.gate.v1.WriteHold;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates: what they decide, who calls them, their revisions. */
class GateApiIT {
    @TempDir private Path folder;
    private AdminPlane plane;
    private Orders orders;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        orders = new Orders(plane);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void what_was_created_is_read_back_the_same() {
        Gate created = orders.create();

        Gate read = orders.gate();

        assertThat(read).isEqualTo(created);
        assertThat(read.getRevision().getNumber()).isEqualTo(1);
        assertThat(read.getEtag()).hasSize(16);
        assertThat(read.getMaxStale().getSeconds()).as("default of the contract").isEqualTo(86_400);
        assertThat(plane.versions().listVersions(allVersions()).getVersionsList()).hasSize(2);
    }

    @Test
    void the_write_authority_of_two_stores_is_the_control_planes_alone() {
        orders.create();
        Gate created =
                orders.createGate(
                        "stores",
                        Orders.said().toBuilder()
                                .setStoreKind(StoreKind.SEPARATE)
                                .setFrom(Mode.SHADOW)
                                .setTo(Mode.LIVE)
                                .setWriteHold(WriteHold.newBuilder().setToBucket(500_000))
                                .setWriteMaxWait(Durations.fromSeconds(20))
                                .build());

        Gate raised = plane.gates().setShare(Orders.share(created, 250_000));
        Gate killed =
                plane.gates()
                        .killGate(
                                KillGateRequest.newBuilder()
                                        .setName("gates/stores")
                                        .setReason("errors")
                                        .build());

        assertThat(created.hasWriteAuthority()).isTrue();
        assertThat(created.hasWriteHold()).as("what somebody wrote").isFalse();
        assertThat(created.getWriteMaxWait()).isEqualTo(Durations.fromSeconds(20));
        assertThat(raised.getWriteAuthority().getNewBelowPpm()).isEqualTo(250_000);
        assertThat(raised.getWritesMoving()).isEmpty();
        assertThat(killed.getWritesMoving())
                .isEqualTo("25 % of its writes are on their way to 0 %");
    }

    private static ListVersionsRequest allVersions() {
        return ListVersionsRequest.newBuilder().setParent("services/-").build();
    }

    @Test
    void a_killed_gate_decides_legacy_until_it_is_resumed() {
        Gate created = orders.create();
        plane.gates().setShare(Orders.share(created, 1_000_000));
        var question =
                EvaluateGateRequest.newBuilder()
                        .setName("gates/orders")
                        .setKey(ByteString.copyFromUtf8("user-1"))
                        .build();

        var before = plane.gates().evaluateGate(question);
        Gate killed =
                plane.gates()
                        .killGate(
                                KillGateRequest.newBuilder()
                                        .setName("gates/orders")
                                        .setReason("errors")
                                        .build());
        var after = plane.gates().evaluateGate(question);

        assertThat(before.getArm()).isEqualTo(Arm.NEW);
        assertThat(before.getReason()).isEqualTo(Reason.SHARE);
        assertThat(killed.getKill().getReason()).isEqualTo("errors");
        assertThat(killed.getKill().getActor()).isEqualTo("admin");
        assertThat(after.getArm()).isEqualTo(Arm.LEGACY);
        assertThat(after.getReason()).isEqualTo(Reason.KILL);
    }

    @Test
    void the_key_of_a_described_request_is_the_stated_key() {
        orders.create();
        var stated =
                EvaluateGateRequest.newBuilder()
                        .setName("gates/orders")
                        .setKey(ByteString.copyFromUtf8("üser"))
                        .build();
        var described =
                EvaluateGateRequest.newBuilder()
                        .setName("gates/orders")
                        .addHeaders(
                                EvaluateGateRequest.Header.newBuilder()
                                        .setName("X-User")
                                        .setValue("üser"))
                        .build();

        assertThat(plane.gates().evaluateGate(described).getBucket())
                .isEqualTo(plane.gates().evaluateGate(stated).getBucket());
    }

    @Test
    void a_preview_counts_the_keys_that_would_move() {
        Gate created = orders.create();
        plane.gates().setShare(Orders.share(created, 200_000));

        var preview =
                plane.gates()
                        .previewGate(
                                PreviewGateRequest.newBuilder()
                                        .setGate(
                                                Gate.newBuilder()
                                                        .setName("gates/orders")
                                                        .setSharePpm(250_000))
                                        .build());

        assertThat(preview.getToPpm()).isEqualTo(50_000);
        assertThat(preview.getBackPpm()).isZero();
        assertThat(preview.getExposedPpm()).isEqualTo(250_000);
        assertThat(preview.getNeedsAllowMoves()).isFalse();
    }

    @Test
    void the_end_of_a_gate_is_kept_by_every_change_and_told_when_it_has_come() {
        orders.create();
        Gate ending =
                orders.createGate(
                        "payments",
                        Orders.said().toBuilder()
                                .setExpireTime(Timestamp.newBuilder().setSeconds(1_000))
                                .build());

        assertThat(ending.getStaleList()).singleElement().asString().contains("expired");
        Gate moved = plane.gates().setShare(Orders.share(ending, 10_000));
        assertThat(moved.getExpireTime().getSeconds()).isEqualTo(1_000);
        Gate.Builder wrong = Orders.said().toBuilder();
        wrong.getExpireTimeBuilder().setSeconds(Long.MAX_VALUE);
        assertThat(Refused.by(() -> orders.createGate("third", wrong.build())).getMessage())
                .contains("expire_time");
    }

    @Test
    void callers_of_a_gate_are_told_with_those_who_do_not_tell() {
        orders.create();
        Instant now = Instant.ofEpochSecond(1_000);
        Who web = new Who.Named("spiffe://shop/ns/web", "web");
        plane.fleet =
                new FleetReport(
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        gate ->
                                List.of(
                                        calls(
                                                gate,
                                                dev.sluice.contract.gate.Arm.NEW,
                                                web,
                                                now.plusSeconds(5)),
                                        calls(
                                                gate,
                                                dev.sluice.contract.gate.Arm.LEGACY,
                                                new Who.Others(),
                                                now),
                                        calls(
                                                gate,
                                                dev.sluice.contract.gate.Arm.LEGACY,
                                                web,
                                                now.plusSeconds(1))));

        var answer =
                plane.gates()
                        .listGateCallers(
                                ListGateCallersRequest.newBuilder()
                                        .setName("gates/orders")
                                        .build());

        assertThat(answer.getCallersList())
                .extracting(GateCaller::getArm, GateCaller::getIdentity, GateCaller::getOthers)
                .containsExactly(
                        tuple(Arm.LEGACY, "spiffe://shop/ns/web", false),
                        tuple(Arm.LEGACY, "", true),
                        tuple(Arm.NEW, "spiffe://shop/ns/web", false));
        assertThat(answer.getCallers(0))
                .returns("web", GateCaller::getService)
                .returns("read", GateCaller::getOperation)
                .returns(4L, GateCaller::getRequests)
                .returns(1L, GateCaller::getRefused)
                .returns(1_001L, caller -> caller.getLastTime().getSeconds());
        assertThat(answer.getSilentNodesList()).isEmpty();
        assertThat(
                        Refused.by(() ->
                                        plane.gates()
                                                .listGateCallers(
                                                        ListGateCallersRequest.newBuilder()
                                                                .setName("gates/none")
                                                                .build()))
                                .getStatus()
                                .getCode())
                .isEqualTo(Code.NOT_FOUND);
    }

    private static CallerCounts calls(
            GateName gate, dev.sluice.contract.gate.Arm arm, Who who, Instant last) {
        return new CallerCounts(new CallerCounts.Caller(gate, arm, "read", who), 4, 1, last);
    }

    @Test
    void revisions_are_listed_compared_and_restored() {
        Gate first = orders.create();
        Gate second = plane.gates().setShare(Orders.share(first, 10_000));

        var revisions =
                plane.gates()
                        .listGateRevisions(
                                ListGateRevisionsRequest.newBuilder()
                                        .setName("gates/orders")
                                        .build())
                        .getRevisionsList();
        var diff =
                plane.gates()
                        .diffGateRevisions(
                                DiffGateRevisionsRequest.newBuilder()
                                        .setName("gates/orders")
                                        .setBefore(first.getRevision())
                                        .setAfter(second.getRevision())
                                        .build());
        Gate restored =
                plane.gates()
                        .restoreGateRevision(
                                RestoreGateRevisionRequest.newBuilder()
                                        .setName("gates/orders")
                                        .setRevision(first.getRevision())
                                        .setEtag(second.getEtag())
                                        .build());

        assertThat(revisions)
                .extracting(entry -> entry.getGate().getSharePpm())
                .containsExactly(10_000, 0);
        assertThat(diff.getChangesList())
                .containsExactly(
                        FieldChange.newBuilder().setPath("share_ppm").setAfter("10000").build());
        assertThat(restored.getSharePpm()).isZero();
        assertThat(restored.getRevision().getNumber()).isEqualTo(3);
    }

    @Test
    void a_watch_sends_what_is_then_every_change_and_where_it_is_applied() {
        Gate created = orders.create();
        Iterator<GateChange> watch =
                plane.gates().watchGates(WatchGatesRequest.getDefaultInstance());

        GateChange present = watch.next();
        GateChange inSync = watch.next();
        plane.gates().setShare(Orders.share(created, 10_000));
        GateChange changed = watch.next();
        orders.report(changed.getGate().getRevision().getNumber());
        GateChange applied = watch.next();

        assertThat(present.getGate()).isEqualTo(created);
        assertThat(inSync.hasInSync()).isTrue();
        assertThat(changed.getGate().getSharePpm()).isEqualTo(10_000);
        assertThat(applied.getGate().getRollout().getApplied()).isEqualTo(1);
        assertThat(applied.getGate().getRollout().hasTimeToApplied()).isTrue();
    }
}
