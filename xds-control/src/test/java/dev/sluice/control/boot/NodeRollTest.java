package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
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
                path.feed()::latest,
                () -> true);
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
                path.feed()::latest,
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

    private void tick() {
        roll.tick(known(), ledger, new EvidenceTotals());
    }

    private Catalog known() {
        return path.feed().latest();
    }
}
