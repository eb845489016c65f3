package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.DeleteServiceRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.ListGatesRequest;
import dev.sluice.admin.v1.ListServicesRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.admin.v1.UpdateServiceRequest;
import dev.sluice.control.admin.access.AdminToken;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every method, shown on some. */
class AdminApiIT {
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
    void nobody_gets_in_without_the_token() {
        for (var channel : List.of(plane.anonymous(), plane.withToken("guess"))) {
            var gates = GateServiceGrpc.newBlockingStub(channel);

            assertThat(Refused.by(() -> gates.listGates(ListGatesRequest.getDefaultInstance())))
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
    void every_problem_of_a_gate_is_one_violation() throws Exception {
        orders.create();
        Gate wrong =
                Orders.said().toBuilder()
                        .setSharePpm(1_000_001)
                        .clearBucketing()
                        .setNewVersion("x")
                        .build();

        StatusRuntimeException refused =
                Refused.by(() ->
                        plane.gates()
                                .createGate(
                                        CreateGateRequest.newBuilder()
                                                .setGateId("other")
                                                .setGate(wrong)
                                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(Refused.detail(refused, BadRequest.class).getFieldViolationsList())
                .extracting(BadRequest.FieldViolation::getField)
                .contains("share_ppm", "bucketing");
    }

    @Test
    void a_stale_etag_is_aborted_and_names_the_current_one() throws Exception {
        Gate created = orders.create();
        plane.gates().setShare(Orders.share(created, 10_000));

        StatusRuntimeException refused =
                Refused.by(() -> plane.gates().setShare(Orders.share(created, 20_000)));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.ABORTED);
        assertThat(Refused.detail(refused, BadRequest.class).getFieldViolations(0).getDescription())
                .contains(orders.gate().getEtag());
        assertThat(Refused.detail(refused, ErrorInfo.class).getMetadataMap())
                .containsEntry("runbook", "docs/runbooks/STALE_ETAG.md");
        assertThat(orders.gate().getSharePpm()).isEqualTo(10_000);
    }

    @Test
    void a_share_is_not_set_blindly() {
        Gate created = orders.create();

        StatusRuntimeException withoutEtag =
                Refused.by(() ->
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
        orders.create();
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
        assertThat(updated.getBucketing()).isEqualTo(Orders.said().getBucketing());
    }

    @Test
    void a_mask_of_no_field_is_refused() {
        orders.create();

        StatusRuntimeException refused =
                Refused.by(() ->
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
        Gate created = orders.create();

        Gate would =
                plane.gates()
                        .setShare(
                                Orders.share(created, 500_000).toBuilder()
                                        .setValidateOnly(true)
                                        .build());

        assertThat(would.getSharePpm()).isEqualTo(500_000);
        assertThat(orders.gate()).isEqualTo(created);
    }

    @Test
    void a_repeated_request_answers_as_the_first_did() {
        Gate created = orders.create();
        SetShareRequest request =
                Orders.share(created, 10_000).toBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .build();

        Gate first = plane.gates().setShare(request);
        Gate second = plane.gates().setShare(request);

        assertThat(second).isEqualTo(first);
        assertThat(orders.gate().getRevision().getNumber()).isEqualTo(2);
    }

    @Test
    void what_is_in_use_is_not_deleted() throws Exception {
        orders.create();

        StatusRuntimeException refused =
                Refused.by(() ->
                        plane.services()
                                .deleteService(
                                        DeleteServiceRequest.newBuilder()
                                                .setName("services/orders")
                                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(Refused.detail(refused, PreconditionFailure.class).getViolationsCount())
                .as("versions and gate each")
                .isGreaterThan(1);
    }

    @Test
    void pages_follow_each_other_without_loss() {
        for (String id : List.of("a", "a-b", "b", "c", "d")) {
            orders.createService(id);
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
        assertThat(
                        Refused.by(() -> plane.services().listServices(page(0, "%")))
                                .getStatus()
                                .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void a_name_of_nothing_is_not_found() {
        assertThat(Refused.by(orders::gate).getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
        assertThat(
                        Refused.by(() ->
                                        plane.gates()
                                                .getGate(
                                                        GetGateRequest.newBuilder()
                                                                .setName("nonsense")
                                                                .build()))
                                .getStatus()
                                .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    private static ListServicesRequest page(int size, String token) {
        return ListServicesRequest.newBuilder().setPageSize(size).setPageToken(token).build();
    }
}
