package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import dev.sluice.admin.v1.AbortRampRequest;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.CreateGateSetRequest;
import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.CreateRouteRequest;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.DeleteServiceRequest;
import dev.sluice.admin.v1.DiffGateRevisionsRequest;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateCaller;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.admin.v1.GateDiff.FieldChange;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListGateCallersRequest;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.admin.v1.ListGatesRequest;
import dev.sluice.admin.v1.ListServicesRequest;
import dev.sluice.admin.v1.ListVersionsRequest;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.PauseRampRequest;
import dev.sluice.admin.v1.PreviewGateRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.RestoreGateRevisionRequest;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.SetSetShareRequest;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.admin.v1.UpdateServiceRequest;
import dev.sluice.admin.v1.UpdateVersionRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.WatchGatesRequest;
import dev.sluice.admin.v1.WatchNodesRequest;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.admin.access.AdminToken;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.Reason;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.testkit.Patience;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminApiIT {
    @TempDir private Path folder;
    private AdminPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void nobody_gets_in_without_the_token() {
        for (var channel : List.of(plane.anonymous(), plane.withToken("guess"))) {
            var gates = GateServiceGrpc.newBlockingStub(channel);

            assertThat(refusal(() -> gates.listGates(ListGatesRequest.getDefaultInstance())))
                    .returns(Code.UNAUTHENTICATED, e -> e.getStatus().getCode());
        }
    }

    @Test
    void health_is_open_on_this_machine_and_serving() {
        var health =
                HealthGrpc.newBlockingStub(plane.anonymous())
                        .check(HealthCheckRequest.getDefaultInstance());

        assertThat(health.getStatus()).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void the_token_is_a_file_that_only_its_owner_reads() throws IOException {
        Path file = folder.resolve(AdminToken.FILE);

        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(Files.readString(file).strip()).hasSizeGreaterThan(40);
    }

    @Test
    void what_was_created_is_read_back_the_same() {
        Gate created = createOrders();

        Gate read = gate();

        assertThat(read).isEqualTo(created);
        assertThat(read.getRevision().getNumber()).isEqualTo(1);
        assertThat(read.getEtag()).hasSize(16);
        assertThat(read.getMaxStale().getSeconds()).as("default of the contract").isEqualTo(86_400);
        assertThat(plane.versions().listVersions(allVersions()).getVersionsList()).hasSize(2);
    }

    @Test
    void every_problem_of_a_gate_is_one_violation() throws Exception {
        createOrders();
        Gate wrong =
                orders().toBuilder()
                        .setSharePpm(1_000_001)
                        .clearBucketing()
                        .setNewVersion("x")
                        .build();

        StatusRuntimeException refused =
                refusal(() ->
                        plane.gates()
                                .createGate(
                                        CreateGateRequest.newBuilder()
                                                .setGateId("other")
                                                .setGate(wrong)
                                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(detail(refused, BadRequest.class).getFieldViolationsList())
                .extracting(BadRequest.FieldViolation::getField)
                .contains("share_ppm", "bucketing");
    }

    @Test
    void a_stale_etag_is_aborted_and_names_the_current_one() throws Exception {
        Gate created = createOrders();
        plane.gates().setShare(share(created, 10_000));

        StatusRuntimeException refused =
                refusal(() -> plane.gates().setShare(share(created, 20_000)));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.ABORTED);
        assertThat(detail(refused, BadRequest.class).getFieldViolations(0).getDescription())
                .contains(gate().getEtag());
        assertThat(detail(refused, ErrorInfo.class).getMetadataMap())
                .containsEntry("runbook", "docs/runbooks/STALE_ETAG.md");
        assertThat(gate().getSharePpm()).isEqualTo(10_000);
    }

    @Test
    void a_share_is_not_set_blindly() {
        Gate created = createOrders();

        StatusRuntimeException withoutEtag =
                refusal(() ->
                        plane.gates()
                                .updateGate(
                                        UpdateGateRequest.newBuilder()
                                                .setGate(
                                                        created.toBuilder()
                                                                .clearEtag()
                                                                .setSharePpm(5))
                                                .build()));

        assertThat(withoutEtag.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(withoutEtag.getStatus().getDescription()).contains("etag");
    }

    @Test
    void a_mask_changes_its_fields_and_no_others() {
        createOrders();
        Gate wanted =
                Gate.newBuilder()
                        .setName("gates/orders")
                        .setOwner("team-b")
                        .setDisplayName("not in the mask")
                        .build();

        Gate updated =
                plane.gates()
                        .updateGate(
                                UpdateGateRequest.newBuilder()
                                        .setGate(wanted)
                                        .setUpdateMask(FieldMask.newBuilder().addPaths("owner"))
                                        .build());

        assertThat(updated.getOwner()).isEqualTo("team-b");
        assertThat(updated.getDisplayName()).isEmpty();
        assertThat(updated.getBucketing()).isEqualTo(orders().getBucketing());
    }

    @Test
    void a_mask_of_no_field_is_refused() {
        createOrders();

        StatusRuntimeException refused =
                refusal(() ->
                        plane.services()
                                .updateService(
                                        UpdateServiceRequest.newBuilder()
                                                .setService(
                                                        Service.newBuilder()
                                                                .setName("services/orders"))
                                                .setUpdateMask(
                                                        FieldMask.newBuilder().addPaths("ownr"))
                                                .build()));

        assertThat(refused.getStatus().getDescription()).contains("update_mask").contains("'ownr'");
    }

    @Test
    void validate_only_changes_nothing() {
        Gate created = createOrders();

        Gate would =
                plane.gates()
                        .setShare(
                                share(created, 500_000).toBuilder().setValidateOnly(true).build());

        assertThat(would.getSharePpm()).isEqualTo(500_000);
        assertThat(gate()).isEqualTo(created);
    }

    @Test
    void a_repeated_request_answers_as_the_first_did() {
        Gate created = createOrders();
        SetShareRequest request =
                share(created, 10_000).toBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .build();

        Gate first = plane.gates().setShare(request);
        Gate second = plane.gates().setShare(request);

        assertThat(second).isEqualTo(first);
        assertThat(gate().getRevision().getNumber()).isEqualTo(2);
    }

    @Test
    void what_is_in_use_is_not_deleted() throws Exception {
        createOrders();

        StatusRuntimeException refused =
                refusal(() ->
                        plane.services()
                                .deleteService(
                                        DeleteServiceRequest.newBuilder()
                                                .setName("services/orders")
                                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(detail(refused, PreconditionFailure.class).getViolationsCount())
                .as("versions and gate each")
                .isGreaterThan(1);
    }

    @Test
    void pages_follow_each_other_without_loss() {
        for (String id : List.of("a", "a-b", "b", "c", "d")) {
            createService(id);
        }

        var first = plane.services().listServices(page(2, ""));
        var second = plane.services().listServices(page(2, first.getNextPageToken()));
        var third = plane.services().listServices(page(2, second.getNextPageToken()));

        assertThat(List.of(first, second, third))
                .flatExtracting(page -> page.getServicesList())
                .extracting(Service::getName)
                .containsExactly(
                        "services/a", "services/a-b", "services/b", "services/c", "services/d");
        assertThat(third.getNextPageToken()).isEmpty();
        assertThat(refusal(() -> plane.services().listServices(page(0, "%"))).getStatus().getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void a_killed_gate_decides_legacy_until_it_is_resumed() {
        Gate created = createOrders();
        plane.gates().setShare(share(created, 1_000_000));
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
        createOrders();
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
        Gate created = createOrders();
        plane.gates().setShare(share(created, 200_000));

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
        createOrders();
        Gate ending =
                createGate(
                        "payments",
                        orders().toBuilder()
                                .setExpireTime(Timestamp.newBuilder().setSeconds(1_000))
                                .build());

        assertThat(ending.getStaleList()).singleElement().asString().contains("expired");
        Gate moved = plane.gates().setShare(share(ending, 10_000));
        assertThat(moved.getExpireTime().getSeconds()).isEqualTo(1_000);
        Gate.Builder wrong = orders().toBuilder();
        wrong.getExpireTimeBuilder().setSeconds(Long.MAX_VALUE);
        assertThat(refusal(() -> createGate("third", wrong.build())).getMessage())
                .contains("expire_time");
    }

    @Test
    void a_version_past_its_end_is_served_and_says_who_names_it() throws Exception {
        createOrders();
        String name = "services/orders/versions/legacy";
        Version ended =
                plane.versions()
                        .updateVersion(
                                UpdateVersionRequest.newBuilder()
                                        .setVersion(
                                                Version.newBuilder()
                                                        .setName(name)
                                                        .setExpireTime(
                                                                Timestamp.newBuilder()
                                                                        .setSeconds(1_000)))
                                        .build());

        assertThat(ended.getStaleList())
                .containsExactly(
                        "it has expired at 1970-01-01T00:16:40Z, and is named by gates/orders");
        assertThat(ended.getExpireTime().getSeconds()).isEqualTo(1_000);
        StatusRuntimeException refused = refusal(() -> createGate("payments", orders()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(refused.getMessage()).contains("legacy_version", "expired");
        assertThat(plane.gates().setShare(share(gate(), 10_000)).getSharePpm())
                .as("of the gate that names it already")
                .isEqualTo(10_000);
    }

    @Test
    void callers_of_a_gate_are_told_with_those_who_do_not_tell() {
        createOrders();
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
                        refusal(() ->
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
        Gate first = createOrders();
        Gate second = plane.gates().setShare(share(first, 10_000));

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
    void a_set_moves_all_its_gates_in_one_step() {
        createOrders();
        createGate("payments", orders());
        GateSet set =
                plane.gateSets()
                        .createGateSet(
                                CreateGateSetRequest.newBuilder()
                                        .setGateSetId("shop")
                                        .setGateSet(
                                                GateSet.newBuilder()
                                                        .addGates("gates/orders")
                                                        .addGates("gates/payments"))
                                        .build());

        GateSet moved =
                plane.gateSets()
                        .setSetShare(
                                SetSetShareRequest.newBuilder()
                                        .setName("gateSets/shop")
                                        .setSharePpm(10_000)
                                        .setEtag(set.getEtag())
                                        .build());

        assertThat(moved.getSharePpm()).isEqualTo(10_000);
        assertThat(gate().getSharePpm()).isEqualTo(10_000);
        assertThat(gate().getGateSet()).isEqualTo("gateSets/shop");
    }

    @Test
    void a_set_waits_for_what_it_says() {
        createOrders();
        createGate("payments", orders());
        GateSet.Prerequisite after =
                GateSet.Prerequisite.newBuilder()
                        .setOf("gates/payments")
                        .setAbovePpm(5_000)
                        .setAtLeastPpm(20_000)
                        .build();
        GateSet set =
                plane.gateSets()
                        .createGateSet(
                                CreateGateSetRequest.newBuilder()
                                        .setGateSetId("shop")
                                        .setGateSet(
                                                GateSet.newBuilder()
                                                        .addGates("gates/orders")
                                                        .addPrerequisites(after))
                                        .build());
        assertThat(set.getPrerequisitesList()).containsExactly(after);
        SetSetShareRequest.Builder raise =
                SetSetShareRequest.newBuilder().setName("gateSets/shop").setEtag(set.getEtag());

        assertThat(
                        refusal(() ->
                                        plane.gateSets()
                                                .setSetShare(raise.setSharePpm(5_001).build()))
                                .getMessage())
                .contains("bring gates/payments to 2 % first");
        assertThat(plane.gateSets().setSetShare(raise.setSharePpm(5_000).build()).getSharePpm())
                .isEqualTo(5_000);
        assertThat(
                        refusal(() ->
                                        plane.gateSets()
                                                .createGateSet(
                                                        CreateGateSetRequest.newBuilder()
                                                                .setGateSetId("more")
                                                                .setGateSet(
                                                                        GateSet.newBuilder()
                                                                                .addPrerequisites(
                                                                                        after
                                                                                                .toBuilder()
                                                                                                .setOf(
                                                                                                        "x")
                                                                                                .setAbovePpm(
                                                                                                        -1)))
                                                                .build()))
                                .getMessage())
                .contains("2 problems");
    }

    @Test
    void a_ramp_puts_its_first_step_in_force() {
        createOrders();

        Ramp ramp =
                plane.ramps()
                        .createRamp(
                                CreateRampRequest.newBuilder()
                                        .setRampId("orders-1")
                                        .setRamp(
                                                Ramp.newBuilder()
                                                        .setTarget("gates/orders")
                                                        .addSteps(step(10_000))
                                                        .addSteps(step(1_000_000)))
                                        .build());

        assertThat(ramp.getState()).isEqualTo(RampState.RUNNING);
        assertThat(ramp.getJudge().getMinKeys()).as("default of the contract").isEqualTo(100);
        assertThat(gate().getSharePpm()).isEqualTo(10_000);

        Ramp paused =
                plane.ramps()
                        .pauseRamp(
                                PauseRampRequest.newBuilder()
                                        .setName(ramp.getName())
                                        .setValidateOnly(true)
                                        .build());
        Ramp aborted =
                plane.ramps()
                        .abortRamp(
                                AbortRampRequest.newBuilder()
                                        .setName(ramp.getName())
                                        .setReason("a try")
                                        .setValidateOnly(true)
                                        .build());
        assertThat(paused.getState()).isEqualTo(RampState.PAUSED);
        assertThat(aborted.getState()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(gate().getSharePpm()).as("only validated").isEqualTo(10_000);
    }

    @Test
    void a_watch_sends_what_is_then_every_change_and_where_it_is_applied() {
        Gate created = createOrders();
        Iterator<GateChange> watch =
                plane.gates().watchGates(WatchGatesRequest.getDefaultInstance());

        GateChange present = watch.next();
        GateChange inSync = watch.next();
        plane.gates().setShare(share(created, 10_000));
        GateChange changed = watch.next();
        report(changed.getGate().getRevision().getNumber());
        GateChange applied = watch.next();

        assertThat(present.getGate()).isEqualTo(created);
        assertThat(inSync.hasInSync()).isTrue();
        assertThat(changed.getGate().getSharePpm()).isEqualTo(10_000);
        assertThat(applied.getGate().getRollout().getApplied()).isEqualTo(1);
        assertThat(applied.getGate().getRollout().hasTimeToApplied()).isTrue();
    }

    @Test
    void a_watch_of_nodes_tells_after_the_first_answer_of_those_alone_that_changed() {
        report("sidecar-1", Instant.EPOCH, Instant.EPOCH, 1);
        report("sidecar-2", Instant.EPOCH, Instant.EPOCH, 1);
        Iterator<Node> watch =
                plane.nodes()
                        .withDeadlineAfter(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .watchNodes(WatchNodesRequest.getDefaultInstance());
        Node first = watch.next();
        Node second = watch.next();

        report("sidecar-1", Instant.EPOCH.plusSeconds(1), Instant.EPOCH, 1);
        createOrders();
        report("sidecar-2", Instant.EPOCH, Instant.EPOCH, 2);
        Node changed = watch.next();

        assertThat(List.of(first.getNodeId(), second.getNodeId()))
                .containsExactly("sidecar-1", "sidecar-2");
        assertThat(changed.getNodeId()).isEqualTo("sidecar-2");
    }

    @Test
    void a_route_keeps_envoys_own_match() {
        createOrders();
        Route route =
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/orders"))
                        .setGate("gates/orders")
                        .setOperationClass(OperationClass.READ)
                        .build();

        Route created =
                plane.routes()
                        .createRoute(
                                CreateRouteRequest.newBuilder()
                                        .setParent("services/orders")
                                        .setRouteId("all")
                                        .setRoute(route)
                                        .build());

        assertThat(created.getMatch()).isEqualTo(route.getMatch());
        assertThat(created.getTimeout().getSeconds()).isEqualTo(15);
    }

    @Test
    void a_name_of_nothing_is_not_found() {
        assertThat(refusal(this::gate).getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
        assertThat(
                        refusal(() ->
                                        plane.gates()
                                                .getGate(
                                                        GetGateRequest.newBuilder()
                                                                .setName("nonsense")
                                                                .build()))
                                .getStatus()
                                .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    private void report(long revision) {
        Instant now = Instant.now();
        report("sidecar-1", now, now, revision);
    }

    private void report(String id, Instant heard, Instant applied, long revision) {
        NodeName name = new NodeName(id);
        var unused =
                plane.path()
                        .submit(
                                new Command.RegisterNode(
                                        new NodeSpec(
                                                name,
                                                "",
                                                Optional.empty(),
                                                Optional.empty(),
                                                NodeSpec.Kind.SLUICE,
                                                "sluice 0.1",
                                                1,
                                                "")),
                                CommandContext.of(Principal.NODES, Instant.now()))
                        .join();
        plane.reports.put(
                new NodeState(
                        name,
                        heard,
                        List.of(),
                        List.of(),
                        List.of(
                                new NodeState.GateReport(
                                        new GateName("orders"),
                                        Optional.of(new GateRevision(1, revision)),
                                        Optional.of(applied),
                                        Optional.empty()))));
    }

    private Gate createOrders() {
        createService("orders");
        for (String id : List.of("legacy", "new")) {
            plane.versions()
                    .createVersion(
                            CreateVersionRequest.newBuilder()
                                    .setParent("services/orders")
                                    .setVersionId(id)
                                    .setVersion(
                                            Version.newBuilder()
                                                    .setStatic(
                                                            StaticEndpoints.newBuilder()
                                                                    .addEndpoints(
                                                                            Endpoint.newBuilder()
                                                                                    .setAddress(
                                                                                            "127.0.0.1")
                                                                                    .setPort(
                                                                                            8_080))))
                                    .build());
        }
        return createGate("orders", orders());
    }

    private void createService(String id) {
        plane.services()
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId(id)
                                .setService(
                                        Service.newBuilder()
                                                .setOutbound(
                                                        ListenAddress.newBuilder()
                                                                .setPort(
                                                                        10_000
                                                                                + Math.floorMod(
                                                                                        id
                                                                                                .hashCode(),
                                                                                        9_999))))
                                .build());
    }

    private Gate createGate(String id, Gate gate) {
        return plane.gates()
                .createGate(CreateGateRequest.newBuilder().setGateId(id).setGate(gate).build());
    }

    private static Gate orders() {
        return Gate.newBuilder()
                .setLegacyVersion("services/orders/versions/legacy")
                .setNewVersion("services/orders/versions/new")
                .setStoreKind(StoreKind.SHARED)
                .setFrom(Mode.OFF)
                .setTo(Mode.COMPLETE)
                .setBucketing(
                        Bucketing.newBuilder()
                                .setSalt("salt-1")
                                .setKey(KeySource.newBuilder().setHeader("x-user"))
                                .setLegacy(Empty.getDefaultInstance()))
                .build();
    }

    private Gate gate() {
        return plane.gates().getGate(GetGateRequest.newBuilder().setName("gates/orders").build());
    }

    private static SetShareRequest share(Gate gate, int ppm) {
        return SetShareRequest.newBuilder()
                .setName(gate.getName())
                .setEtag(gate.getEtag())
                .setSharePpm(ppm)
                .build();
    }

    private static RampStep step(int ppm) {
        return RampStep.newBuilder().setSharePpm(ppm).build();
    }

    private static ListVersionsRequest allVersions() {
        return ListVersionsRequest.newBuilder().setParent("services/-").build();
    }

    private static ListServicesRequest page(int size, String token) {
        return ListServicesRequest.newBuilder().setPageSize(size).setPageToken(token).build();
    }

    private static StatusRuntimeException refusal(ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private static <D extends com.google.protobuf.Message> D detail(
            StatusRuntimeException refusal, Class<D> type) throws InvalidProtocolBufferException {
        for (Any any : StatusProto.fromThrowable(refusal).getDetailsList()) {
            if (any.is(type)) {
                return any.unpack(type);
            }
        }
        throw new AssertionError("no " + type.getSimpleName());
    }
}
