package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.sluice.admin.v1.CreateRouteRequest;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.UpdateVersionRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.WatchNodesRequest;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.testkit.Patience;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions, routes and nodes. */
class StructureApiIT {
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
    void a_version_past_its_end_is_served_and_says_who_names_it() throws Exception {
        orders.create();
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
        StatusRuntimeException refused =
                Refused.by(() -> orders.createGate("payments", Orders.said()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(refused.getMessage()).contains("legacy_version", "expired");
        assertThat(plane.gates().setShare(Orders.share(orders.gate(), 10_000)).getSharePpm())
                .as("of the gate that names it already")
                .isEqualTo(10_000);
    }

    @Test
    void a_route_keeps_envoys_own_match() {
        orders.create();
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
    void a_watch_of_nodes_tells_after_the_first_answer_of_those_alone_that_changed() {
        orders.report("sidecar-1", Instant.EPOCH, Instant.EPOCH, 1);
        orders.report("sidecar-2", Instant.EPOCH, Instant.EPOCH, 1);
        Iterator<Node> watch =
                plane.nodes()
                        .withDeadlineAfter(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .watchNodes(WatchNodesRequest.getDefaultInstance());
        Node first = watch.next();
        Node second = watch.next();

        orders.report("sidecar-1", Instant.EPOCH.plusSeconds(1), Instant.EPOCH, 1);
        orders.create();
        orders.report("sidecar-2", Instant.EPOCH, Instant.EPOCH, 2);
        Node changed = watch.next();

        assertThat(List.of(first.getNodeId(), second.getNodeId()))
                .containsExactly("sidecar-1", "sidecar-2");
        assertThat(changed.getNodeId()).isEqualTo("sidecar-2");
    }
}
