package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NodeRollTest {
    private static final NodeSpec NODE = Fixtures.node("web-1", "web");

    private final ManualClock clock = new ManualClock();
    private final NodeRoll roll = new NodeRoll(clock);
    private final NodeLedger ledger = new NodeLedger(clock, roll);
    private final List<Command> given = new ArrayList<>();
    private boolean leads = true;
    private final ChangePath path =
            ChangePath.open(
                    new MemoryEventStore(),
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);

    @BeforeEach
    void open_after_the_time_that_nodes_have_to_return() {
        roll.open(
                (command, context) -> {
                    given.add(command);
                    return path.submit(command, context);
                },
                path::inForce,
                () -> leads);
        clock.advance(Duration.ofMinutes(1));
    }

    @Test
    void a_node_that_comes_is_recorded() {
        roll.connected(NODE);

        assertThat(given).containsExactly(new Command.RegisterNode(NODE));
        assertThat(known().node(NODE.name())).isPresent();
    }

    @Test
    void a_node_that_comes_back_soon_costs_the_log_nothing() {
        roll.connected(NODE);

        roll.lost(NODE.name());
        clock.advance(Duration.ofSeconds(4));
        tick();
        roll.connected(NODE);
        clock.advance(Duration.ofSeconds(4));

        assertThat(given).hasSize(1);
    }

    @Test
    void a_node_that_stays_away_is_recorded_as_lost_and_again_when_it_is_back() {
        roll.connected(NODE);

        roll.lost(NODE.name());
        tick();
        assertThat(given).as("just broken off").hasSize(1);
        clock.advance(Duration.ofSeconds(5));
        tick();
        roll.connected(NODE);

        assertThat(given)
                .containsExactly(
                        new Command.RegisterNode(NODE),
                        new Command.NodeLost(NODE.name()),
                        new Command.RegisterNode(NODE));
    }

    @Test
    void a_node_that_comes_back_as_another_is_recorded_anew() {
        NodeSpec moved = Fixtures.node("web-1", "orders");
        roll.connected(NODE);

        roll.lost(NODE.name());
        roll.connected(moved);

        assertThat(given)
                .containsExactly(new Command.RegisterNode(NODE), new Command.RegisterNode(moved));
    }

    @Test
    void a_node_of_the_log_that_never_came_is_lost_when_its_time_to_return_is_over() {
        roll.connected(NODE);
        var later = new NodeRoll(clock);
        later.open(
                (command, context) -> {
                    given.add(command);
                    return path.submit(command, context);
                },
                path::inForce,
                () -> true);

        later.tick(known(), new NodeLedger(clock, later), new EvidenceTotals());
        assertThat(given).hasSize(1);
        clock.advance(Duration.ofSeconds(16));
        later.tick(known(), new NodeLedger(clock, later), new EvidenceTotals());

        assertThat(given).last().isEqualTo(new Command.NodeLost(NODE.name()));
    }

    @Test
    void a_node_that_says_goodbye_is_not_lost() {
        roll.connected(NODE);

        roll.left(NODE.name());
        clock.advance(Duration.ofMinutes(1));
        tick();

        assertThat(given)
                .containsExactly(new Command.RegisterNode(NODE), new Command.NodeLeft(NODE.name()));
    }

    @Test
    void a_kill_that_a_node_obeys_and_the_log_does_not_have_is_kept_once() {
        shop();
        ObeyedKill kill = Fixtures.obeyedKill("g", 1, 2_011);

        roll.obeyed(kill);
        roll.obeyed(kill);

        assertThat(given).containsExactly(new Command.KeepKill(kill));
        assertThat(known().gate(kill.gate()).orElseThrow().content().isKilled()).isTrue();
    }

    @Test
    void what_a_node_obeys_of_this_control_plane_is_no_news() {
        shop();
        accept(new Command.Kill(Fixtures.gateTarget("g")));
        GateRevision out = known().gate(new GateName("g")).orElseThrow().revision();

        roll.obeyed(Fixtures.obeyedKill("g", out.epoch(), out.number()));
        roll.obeyed(Fixtures.obeyedKill("nowhere", 1, 2_011));

        assertThat(given).isEmpty();
    }

    @Test
    void a_node_that_has_no_word_is_not_asked_again_until_it_comes_anew() {
        shop();
        ObeyedKill told = Fixtures.obeyedKill("g", 1, 2_011);
        ObeyedKill kill = new ObeyedKill(NODE, told.gate(), told.revision(), "mine");
        roll.obeyed(kill);
        roll.obeyed(kill);
        assertThat(given).containsExactly(new Command.KeepKill(kill));

        roll.connected(NODE);
        roll.obeyed(kill);

        assertThat(given).hasSize(3).last().isEqualTo(new Command.KeepKill(kill));
        assertThat(known().gate(kill.gate()).orElseThrow().content().isKilled()).isFalse();
    }

    @Test
    void a_replica_that_follows_leaves_it_to_the_leader() {
        shop();
        leads = false;

        roll.obeyed(Fixtures.obeyedKill("g", 1, 2_011));

        assertThat(given).isEmpty();
    }

    private void shop() {
        accept(new Command.CreateService(Fixtures.service("orders")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        accept(new Command.CreateGate(Fixtures.gate("g", "orders", 250_000)));
    }

    private void accept(Command command) {
        assertThat(path.submit(command, Fixtures.admin()).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    private void tick() {
        roll.tick(known(), ledger, new EvidenceTotals());
    }

    private Catalog known() {
        return path.feed().latest();
    }
}
