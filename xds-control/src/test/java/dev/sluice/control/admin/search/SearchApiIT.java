package dev.sluice.control.admin.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.v1.CatalogServiceGrpc;
import dev.sluice.admin.v1.CatalogServiceGrpc.CatalogServiceBlockingStub;
import dev.sluice.admin.v1.SearchCatalogRequest;
import dev.sluice.admin.v1.SearchCatalogResponse;
import dev.sluice.admin.v1.SearchCatalogResponse.Hit;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.path.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchApiIT {
    @TempDir private Path folder;
    private AdminPlane plane;
    private CatalogServiceBlockingStub catalog;

    @BeforeEach
    void a_shop() throws IOException {
        plane = new AdminPlane(folder);
        catalog = CatalogServiceGrpc.newBlockingStub(plane.admin());
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("checkout", "orders", 0)),
                        new Command.CreateGate(Fixtures.gate("basket", "orders", 0, "other")),
                        new Command.CreateMigration(
                                Fixtures.migration(
                                        "m", "basket", StoreKind.SHARED, List.of("db/orders"))),
                        new Command.CreateGateSet(Fixtures.set("shop", "checkout")),
                        new Command.CreateRoute(
                                Fixtures.routeToGate("orders", "reads", "checkout")))) {
            plane.path().submit(command, Fixtures.admin()).join();
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void resources_of_every_kind_are_found_by_what_stands_in_them() {
        assertThat(names("checkout"))
                .containsExactly("gateSets/shop", "gates/checkout", "services/orders/routes/reads");
        assertThat(names("labels.tier:gold -name:v1"))
                .containsExactly("services/orders/versions/v2");
        assertThat(names("tables:orders risk:HIGH")).containsExactly("migrations/m");
        assertThat(names("tables:customers")).isEmpty();
    }

    @Test
    void what_comes_about_without_being_declared_is_found_too() {
        for (Command command :
                List.of(
                        new Command.CreateGate(Fixtures.gate("search", "orders", 0, "own")),
                        new Command.CreateRamp(
                                Fixtures.ramp("quick", Fixtures.gateTarget("search"), 10_000)),
                        new Command.CreateRingPlan(
                                new RingPlanSpec(
                                        new RingPlanName("canary"),
                                        Description.NONE,
                                        List.of(
                                                ring("first", List.of("pod-7")),
                                                ring("rest", List.of())))))) {
            assertThat(plane.path().submit(command, Fixtures.admin()).join())
                    .isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(
                        plane.path()
                                .submit(
                                        new Command.RegisterNode(Fixtures.node("pod-7", "orders")),
                                        Fixtures.by(Principal.NODES))
                                .join())
                .isInstanceOf(Outcome.Accepted.class);

        assertThat(names("target:gates/search")).containsExactly("ramps/quick");
        assertThat(names("node_id:pod-7 kind:SLUICE")).containsExactly("nodes/pod-7");
        assertThat(names("rings.members:pod-7")).containsExactly("ringPlans/canary");
    }

    @Test
    void pages_go_on_where_the_one_before_ended() {
        SearchCatalogResponse first = search("orders", 2, "");
        SearchCatalogResponse second = search("orders", 100, first.getNextPageToken());

        List<Hit> both = new ArrayList<>(first.getHitsList());
        both.addAll(second.getHitsList());
        assertThat(first.getHitsList()).hasSize(2);
        assertThat(both).isEqualTo(search("orders", 0, "").getHitsList());
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void what_is_no_query_is_refused() {
        assertThatThrownBy(() -> search("", 0, ""))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("query");
    }

    private static RingPlanSpec.Ring ring(String id, List<String> nodes) {
        return new RingPlanSpec.Ring(
                id,
                new RingPlanSpec.Members(nodes, List.of(), List.of(), Map.of(), 0),
                Duration.ZERO,
                Duration.ofMinutes(1));
    }

    private List<String> names(String query) {
        return search(query, 0, "").getHitsList().stream().map(Hit::getName).toList();
    }

    private SearchCatalogResponse search(String query, int size, String page) {
        return catalog.searchCatalog(
                SearchCatalogRequest.newBuilder()
                        .setQuery(query)
                        .setPageSize(size)
                        .setPageToken(page)
                        .build());
    }
}
