package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a migration waits for that nodes have to say. */
class MigrationNodesTest {
    private final WalkedMigrations shop = new WalkedMigrations();
    private FleetReport fleet = FleetReport.SILENT;

    @Test
    void writes_that_change_sides_need_nodes_that_hold_them_and_hold_the_migration_up() {
        shop.separate("g");
        shop.plan("m", "g", StoreKind.SEPARATE);
        shop.walkTo(Phase.SHADOW);
        node("envoy-1", NodeSpec.Kind.ENVOY, 0);
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .containsExactly("gates");
        shop.world.accept(new Command.NodeLeft(new NodeName("envoy-1")));
        node("old-1", NodeSpec.Kind.SLUICE, 2);
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .containsExactly("gates");
        shop.world.accept(new Command.NodeLeft(new NodeName("old-1")));
        shop.advance("m");
        shop.settle("m");
        shop.pass(Phase.RAMP);
        node("web-1", NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        assertThat(authority()).isEqualTo(990_000);

        shop.world.accept(new Command.RollbackMigration(WalkedMigrations.NAME), shop.admin());
        appliedBy("web-1");
        assertThat(shop.paths(confirmation())).as("its writes are held").containsOnly("gates");
        shop.world.accept(new Command.MoveWrites(Fixtures.gateTarget("g")));
        appliedBy("web-1");
        shop.settle("m");

        assertThat(shop.migration("m").phase()).isEqualTo(Phase.SHADOW);
        assertThat(authority()).isZero();
    }

    private Command confirmation() {
        return new Command.ConfirmMigration(
                WalkedMigrations.NAME, shop.migration("m").phase(), shop.migration("m").progress());
    }

    private int authority() {
        return shop.world.gate("g").content().writeAuthority()
                        instanceof Gate.WriteAuthority.NewBelow(var below)
                ? below.value()
                : -1;
    }

    private void node(String id, NodeSpec.Kind kind, int contract) {
        shop.world.accept(
                new Command.RegisterNode(
                        new NodeSpec(
                                new NodeName(id),
                                "",
                                Optional.empty(),
                                Optional.empty(),
                                kind,
                                "some build",
                                contract,
                                "")));
        appliedBy(id);
    }

    private void appliedBy(String id) {
        Map<GateName, GateRevision> all = new HashMap<>();
        shop.world.catalog().gates().forEach(gate -> all.put(gate.name(), gate.revision()));
        NodeName node = new NodeName(id);
        shop.world.told(
                new FleetReport(
                        Map.of(node, all), Map.of(), Map.of(node, shop.world.catalog().seq())));
    }

    @Test
    void the_next_phase_waits_for_every_node_and_contract_for_every_silent_one() {
        shop.world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        shop.world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.walkTo(Phase.DRAIN);
        shop.pass(Phase.DRAIN);
        shop.world.accept(new Command.RegisterNode(Fixtures.node("n", "web")), Fixtures.admin());

        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .containsExactly("gates", "gates");
        shop.world.applied("n");
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .as("it decides by the present revision, but was not heard lately")
                .containsExactly("gates");
    }

    @Test
    void contract_waits_until_nobody_calls_legacy_as_its_own_sidecars_count() {
        shop.world.accept(
                new Command.UpdateVersion(
                        Fixtures.version(
                                "orders",
                                "v1",
                                Optional.of(
                                        new VersionSpec.Inbound(
                                                new ListenAddress("10.0.0.1", 8080),
                                                new Endpoints.Endpoint("127.0.0.1", 9090, 1))))));
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.walkTo(Phase.DRAIN);
        shop.pass(Phase.DRAIN);
        Instant drained = shop.migration("m").since();
        VersionName legacy = Fixtures.versionName("orders", "v1");
        shop.world.accept(new Command.RegisterNode(Fixtures.beside("n", legacy)), Fixtures.admin());

        fleet(Map.of(), calls(Arm.LEGACY, "late", shop.now.minusSeconds(5)));
        assertThat(blockers("no report lately", "late"))
                .containsExactly("gates", "callers[gates/orders]");
        fleet(
                Map.of(new NodeName("n"), shop.now),
                calls(Arm.LEGACY, "before", drained),
                calls(Arm.LEGACY, "long-ago", shop.now.minus(LegacyUse.QUIET)),
                calls(Arm.NEW, "new", shop.now));
        assertThat(blockers()).isEmpty();
        fleet(Map.of(new NodeName("n"), shop.now), others(20));
        assertThat(blockers("others", "somebody without a name", "and 11 more"))
                .containsExactly("callers[gates/orders]");
    }

    private List<String> blockers(String... words) {
        List<Refusal> blockers =
                Lifecycle.blockers(shop.world.catalog(), fleet, shop.migration("m"), shop.admin());
        String all = blockers.toString();
        List.of(words).forEach(word -> assertThat(all).contains(word));
        return blockers.stream().map(refusal -> refusal.problem().path()).toList();
    }

    private void fleet(Map<NodeName, Instant> heard, CallerCounts... callers) {
        Map<GateName, GateRevision> all = new HashMap<>();
        shop.world.catalog().gates().forEach(gate -> all.put(gate.name(), gate.revision()));
        fleet =
                new FleetReport(
                        Map.of(new NodeName("n"), all),
                        heard,
                        Map.of(),
                        gate -> gate.equals(new GateName("orders")) ? List.of(callers) : List.of());
    }

    private CallerCounts[] others(int more) {
        List<CallerCounts> all = new ArrayList<>();
        all.add(calls(Arm.LEGACY, "", shop.now));
        all.add(calls(new Who.Others(), Arm.LEGACY, shop.now));
        for (int i = 1; i < more; i++) {
            all.add(
                    calls(
                            new Who.Named("spiffe://shop/ns/" + i, "web"),
                            Arm.LEGACY,
                            shop.now.minusSeconds(1)));
        }
        return all.toArray(CallerCounts[]::new);
    }

    private static CallerCounts calls(Arm arm, String service, Instant last) {
        return calls(new Who.Named("", service), arm, last);
    }

    private static CallerCounts calls(Who who, Arm arm, Instant last) {
        return new CallerCounts(
                new CallerCounts.Caller(new GateName("orders"), arm, "read", who), 1, 0, last);
    }
}
