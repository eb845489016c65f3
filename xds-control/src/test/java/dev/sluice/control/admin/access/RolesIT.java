package dev.sluice.control.admin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.IsolateGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.ListGatesRequest;
import dev.sluice.admin.v1.ListServicesRequest;
import dev.sluice.admin.v1.ReleaseGateRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.control.governance.User;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users with roles of their own at the admin API. */
class RolesIT {
    @TempDir private Path folder;
    private AdminPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane =
                new AdminPlane(
                        folder,
                        List.of(
                                user("vera", Role.VIEWER),
                                user("olga", Role.OPERATOR),
                                user("rosa", Role.ADMIN)));
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void each_method_asks_for_its_role_before_it_looks_at_anything() {
        assertThat(gates("vera").listGates(ListGatesRequest.getDefaultInstance()).getGatesList())
                .isEmpty();
        refused("vera", Code.PERMISSION_DENIED, "role OPERATOR");
        refused("olga", Code.NOT_FOUND, "gates/none");
        refused("rosa", Code.NOT_FOUND, "gates/none");
        refused("nobody", Code.UNAUTHENTICATED, "a user's");
    }

    @Test
    void an_operator_isolates_and_releases_and_a_viewer_does_not() {
        var isolate = IsolateGateRequest.newBuilder().setName("gates/none").setReason("x").build();
        var release = ReleaseGateRequest.newBuilder().setName("gates/none").setReason("x").build();
        refused(Code.PERMISSION_DENIED, "role OPERATOR", () -> gates("vera").isolateGate(isolate));
        refused(Code.PERMISSION_DENIED, "role OPERATOR", () -> gates("vera").releaseGate(release));
        refused(Code.NOT_FOUND, "gates/none", () -> gates("olga").isolateGate(isolate));
        refused(Code.NOT_FOUND, "gates/none", () -> gates("olga").releaseGate(release));
    }

    @Test
    void what_a_user_does_is_in_the_log_under_its_name() {
        ServiceServiceGrpc.newBlockingStub(plane.withToken("rosa"))
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId("orders")
                                .setService(Service.getDefaultInstance())
                                .build());

        assertThat(
                        plane.events()
                                .listEvents(ListEventsRequest.getDefaultInstance())
                                .getEventsList())
                .singleElement()
                .satisfies(event -> assertThat(event.toString()).contains("rosa"));
        assertThat(
                        plane.services()
                                .listServices(ListServicesRequest.getDefaultInstance())
                                .getServicesList())
                .hasSize(1);
    }

    @Test
    void no_method_is_served_that_has_no_role() {
        assertThat(plane.methods())
                .filteredOn(method -> method.startsWith("sluice."))
                .hasSizeGreaterThan(50)
                .allSatisfy(method -> assertThat(MethodRoles.of(method)).as(method).isPresent());
        assertThat(MethodRoles.of("sluice.admin.v1.GateService/Unheard")).isEmpty();
    }

    private GateServiceBlockingStub gates(String user) {
        return GateServiceGrpc.newBlockingStub(plane.withToken(user));
    }

    private void refused(String user, Code code, String words) {
        var kill = KillGateRequest.newBuilder().setName("gates/none").setReason("try").build();
        refused(code, words, () -> gates(user).killGate(kill));
    }

    private static void refused(Code code, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            assertThat(e.getStatus().getCode()).isEqualTo(code);
                            assertThat(e.getMessage()).contains(words);
                        });
    }

    private static User user(String name, Role role) {
        return new User(name, new Rights(Set.of(role), Set.of()));
    }
}
