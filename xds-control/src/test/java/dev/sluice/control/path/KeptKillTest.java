package dev.sluice.control.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.MemoryEventStore.Mood;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.Principal;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A control plane that comes back hears of a kill that the one before had out unrecorded. */
class KeptKillTest {
    private static final GateName GATE = new GateName("g");

    private final MemoryEventStore store = new MemoryEventStore();
    private final Queue<Runnable> writer = new ArrayDeque<>();
    private Published published = new Published();
    private ChangePath path;
    private ObeyedKill obeyed;

    @BeforeEach
    void a_kill_is_out_when_the_control_plane_dies() {
        path = open();
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("g", "orders", 250_000)))) {
            give(command, Fixtures.admin());
        }
        store.be(Mood.FAILING);
        assertThat(give(new Command.Kill(Fixtures.gateTarget("g")), Fixtures.admin()))
                .isInstanceOf(Outcome.Published.class);
        var out = published.last().gate(GATE).orElseThrow().revision();
        obeyed = Fixtures.obeyedKill("g", out.epoch(), out.number());
        published = new Published();
        writer.clear();
        path = open();
        assertThat(killed(path.inForce())).as("what the log has").isFalse();
    }

    private ChangePath open() {
        return ChangePath.open(
                store, Governance.embedded(), published, () -> FleetReport.SILENT, writer::add);
    }

    @Test
    void it_is_out_again_at_once_above_what_is_obeyed_though_the_store_still_fails() {
        assertThat(give(keep(), nodes())).isInstanceOf(Outcome.Published.class);

        assertThat(published.kills()).hasSize(1);
        GateState out = published.last().gate(GATE).orElseThrow();
        assertThat(out.content().isKilled()).isTrue();
        assertThat(out.revision()).isGreaterThan(obeyed.revision());
        assertThat(killed(path.feed().latest())).isFalse();
    }

    @Test
    void it_is_recorded_once_as_it_went_out_when_the_store_is_back() {
        give(keep(), nodes());
        var out = published.last().gate(GATE).orElseThrow().spec();
        give(keep(), nodes());
        store.be(Mood.WELL);
        path.retryKills();
        write();
        give(keep(), nodes());

        assertThat(gate().spec()).isEqualTo(out);
        assertThat(revisions()).isEqualTo(2);
        LoggedEvent last = store.log().getLast();
        assertThat(last.stamp().principal()).isEqualTo(Principal.NODES);
        assertThat(last.stamp().reason()).isEqualTo(obeyed.reason());
        assertThat(gate().content().kill().orElseThrow().actor()).isEqualTo("sluice/nodes");
        assertThat(path.inForce()).isEqualTo(path.feed().latest());
    }

    @Test
    void who_dies_again_before_it_is_recorded_is_told_again() {
        give(keep(), nodes());
        var again = published.last().gate(GATE).orElseThrow().revision();
        published = new Published();
        writer.clear();
        path = open();
        store.be(Mood.WELL);

        give(
                new Command.KeepKill(Fixtures.obeyedKill("g", again.epoch(), again.number())),
                nodes());

        assertThat(killed(path.feed().latest())).isTrue();
        assertThat(gate().revision()).isGreaterThan(again);
    }

    @Test
    void nobody_but_the_side_of_the_nodes_says_so() {
        store.be(Mood.WELL);

        assertThat(give(keep(), Fixtures.admin())).isInstanceOf(Outcome.Refused.class);

        assertThat(published.kills()).isEmpty();
        assertThat(killed(path.inForce())).isFalse();
    }

    @Test
    void another_replica_is_told_by_reports_and_not_by_an_order() {
        give(keep(), nodes());

        path.eachLateKill((kill, _) -> assertThat(kill).as("an order").isNull());
    }

    private Command keep() {
        return new Command.KeepKill(obeyed);
    }

    private CommandContext nodes() {
        return CommandContext.of(Principal.NODES, Fixtures.START).withReason(obeyed.reason());
    }

    private long revisions() {
        return store.log().stream()
                .map(LoggedEvent::event)
                .filter(Event.GatesRevised.class::isInstance)
                .count();
    }

    private GateState gate() {
        return path.feed().latest().gate(GATE).orElseThrow();
    }

    private static boolean killed(Catalog catalog) {
        return catalog.gate(GATE).orElseThrow().content().isKilled();
    }

    private Outcome give(Command command, CommandContext context) {
        CompletableFuture<Outcome> answer = path.submit(command, context);
        write();
        return answer.join();
    }

    private void write() {
        for (Runnable next; (next = writer.poll()) != null; ) {
            next.run();
        }
    }
}
