package dev.sluice.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.e2e.simulation.invariant.History.NodeIs.State;
import dev.sluice.e2e.simulation.invariant.Invariants;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Histories made by hand, of what no seed of a build may ever show. */
class InvariantsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final GateRevision RECORDED = new GateRevision(1, 12);
    private static final GateRevision OUT = new GateRevision(1, 2_011);

    private final History history = new History();

    @BeforeEach
    void two_sidecars_are_heard_from_the_beginning() {
        for (String node : List.of("edge-1", "edge-2")) {
            history.add(new History.NodeIs(0, node, State.STARTED_WITHOUT_STATE));
            history.add(new History.NodeIs(0, node, State.LISTENING));
        }
        logged(GatesRevised.Action.SHARE_SET, RECORDED);
    }

    @Test
    void a_kill_that_one_sidecar_obeys_and_the_log_lacks_is_demanded_of_all() {
        killed(3 * SECOND, "edge-1");

        shared(3 * SECOND + SECOND / 2, "edge-2", RECORDED);
        assertThat(violations("kill")).as("so soon").isEmpty();

        shared(5 * SECOND, "edge-2", RECORDED);
        assertThat(violations("kill")).hasSize(1);
    }

    @Test
    void it_is_not_while_the_one_that_obeys_was_heard_for_a_moment_only() {
        killed(SECOND, "edge-1");

        shared(5 * SECOND, "edge-2", RECORDED);

        assertThat(violations("kill")).isEmpty();
    }

    @Test
    void it_is_not_of_a_kill_that_was_resumed() {
        GateRevision resumed = new GateRevision(1, 2_012);
        logged(GatesRevised.Action.RESUMED, resumed);
        killed(3 * SECOND, "edge-1");

        shared(5 * SECOND, "edge-2", resumed);

        assertThat(violations("kill")).isEmpty();
    }

    @Test
    void who_loses_its_state_has_forgotten_what_the_log_lacks() {
        history.add(new History.Killed(SECOND, Shop.SHARED));
        history.add(new History.NodeIs(3 * SECOND, "edge-2", State.STARTED_WITHOUT_STATE));
        history.add(new History.NodeIs(3 * SECOND, "edge-2", State.LISTENING));

        shared(4 * SECOND, "edge-2", RECORDED);
        assertThat(violations("kill")).isEmpty();

        shared(4 * SECOND, "edge-1", RECORDED);
        assertThat(violations("kill")).as("who keeps it").hasSize(1);
    }

    @Test
    void writes_of_a_key_to_two_stores_at_once_are_told() {
        wrote(0, SECOND, "edge-1", "ada", Arm.NEW);
        wrote(SECOND / 2, 2 * SECOND, "edge-2", "ada", Arm.LEGACY);

        assertThat(violations("two stores")).hasSize(1);
    }

    @Test
    void writes_one_after_the_other_or_of_other_keys_may_go_where_they_go() {
        wrote(0, SECOND, "edge-1", "ada", Arm.NEW);
        wrote(SECOND, 2 * SECOND, "edge-2", "ada", Arm.LEGACY);
        wrote(SECOND, 2 * SECOND, "edge-2", "bob", Arm.NEW);
        wrote(SECOND, 2 * SECOND, "edge-1", "ada", Arm.LEGACY);

        assertThat(violations("two stores")).isEmpty();
    }

    private List<String> violations(String of) {
        return Invariants.violations(history).stream()
                .filter(violation -> violation.startsWith(of + ":"))
                .toList();
    }

    private void logged(GatesRevised.Action action, GateRevision revision) {
        Gate gate = Shop.shared().withRevision(revision);
        history.add(
                new History.Logged(
                        0,
                        HashChain.link(
                                Head.EMPTY,
                                1,
                                new Stamp(
                                        Instant.EPOCH,
                                        Principal.ORCHESTRATOR,
                                        Optional.empty(),
                                        "",
                                        gate.name().name(),
                                        ""),
                                new GatesRevised(
                                        action, List.of(new GateSpec(gate, Description.NONE))))));
    }

    private void killed(long at, String node) {
        decided(at, node, OUT, Reason.KILL, Arm.LEGACY);
    }

    private void shared(long at, String node, GateRevision revision) {
        decided(at, node, revision, Reason.SHARE, Arm.NEW);
    }

    private void decided(long at, String node, GateRevision revision, Reason reason, Arm arm) {
        history.add(new History.Decided(at, node, "read", "ada", decision(revision, reason, arm)));
    }

    private void wrote(long begun, long at, String node, String key, Arm arm) {
        history.add(
                new History.Wrote(
                        at, begun, node, key, decision(RECORDED, Reason.WRITE_AUTHORITY, arm)));
    }

    private static GateDecision decision(GateRevision revision, Reason reason, Arm arm) {
        return new GateDecision(
                Shop.SHARED,
                Optional.of(revision),
                arm,
                arm == Arm.NEW ? Mode.COMPLETE : Mode.OFF,
                reason,
                Optional.empty(),
                OptionalInt.of(1),
                PartsPerMillion.ALL,
                new GateDecision.Key.NotRead());
    }
}
