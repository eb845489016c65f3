package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HeldGateTest {
    private static final String ALIVE = "share_ppm: 500000 ";

    private static Gate at(long epoch, long number, String fields) {
        return Gates.orders("revision { epoch: %d number: %d } ".formatted(epoch, number) + fields);
    }

    private static Gate inline(String fields) {
        return GateParser.parseInline(
                        Gates.proto(Gates.ORDERS + fields).toBuilder().clearRevision().build())
                .orThrow();
    }

    private static HeldGate accepted(HeldGate held, Gate next) {
        Acceptance acceptance = held.offer(next);
        assertThat(acceptance).isInstanceOf(Acceptance.Accepted.class);
        return ((Acceptance.Accepted) acceptance).held();
    }

    private static boolean honours(HeldGate held, long epoch, long number) {
        return !held.isStale(
                new CarriedDecision(
                        "orders",
                        Optional.of(new GateRevision(epoch, number)),
                        Mode.COMPLETE,
                        OptionalInt.empty()));
    }

    @Test
    void a_lower_revision_is_refused_so_that_a_lagging_server_cannot_unkill() {
        HeldGate killed = HeldGate.first(at(1, 42, ALIVE + "kill { reason: 'x' }"));

        Acceptance acceptance = killed.offer(at(1, 41, ALIVE));

        assertThat(acceptance).isInstanceOf(Acceptance.Refused.class);
        assertThat(((Acceptance.Refused) acceptance).problem().message())
                .startsWith("revision: 1.41 of gates/orders (expected at least the known 1.42)");
    }

    @Test
    void a_lower_number_of_a_higher_epoch_is_accepted() {
        HeldGate held = accepted(HeldGate.first(at(1, 42, ALIVE)), at(2, 1, ALIVE));

        assertThat(held.gate().revision()).contains(new GateRevision(2, 1));
        assertThat(held.floor()).as("a new epoch is a new floor").contains(new GateRevision(2, 1));
    }

    @Test
    void the_same_revision_is_unchanged_with_the_same_content_and_refused_with_other() {
        HeldGate held = HeldGate.first(at(1, 42, ALIVE));

        assertThat(held.offer(at(1, 42, ALIVE))).isEqualTo(new Acceptance.Unchanged());
        assertThat(held.offer(at(1, 42, "share_ppm: 1"))).isInstanceOf(Acceptance.Refused.class);
    }

    @Test
    void an_inline_gate_takes_and_gives_way_to_the_last_value() {
        HeldGate held = HeldGate.first(inline(ALIVE));
        assertThat(held.floor()).isEmpty();

        HeldGate lower = accepted(held, inline("share_ppm: 1"));
        HeldGate streamed = accepted(lower, at(1, 1, ALIVE));
        HeldGate back = accepted(streamed, inline(ALIVE));

        assertThat(streamed.floor()).contains(new GateRevision(1, 1));
        assertThat(back.floor()).isEmpty();
    }

    @Test
    void another_gate_is_a_mistake_of_the_program() {
        HeldGate held = HeldGate.first(at(1, 1, ALIVE));

        assertThatThrownBy(() -> held.offer(at(1, 2, "name: 'gates/users'")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_raise_keeps_the_floor_so_that_requests_under_way_stay_decided() {
        HeldGate held = accepted(HeldGate.first(at(1, 42, ALIVE)), at(1, 43, "share_ppm: 600000"));

        assertThat(honours(held, 1, 42)).isTrue();
        assertThat(honours(held, 1, 41)).isFalse();
    }

    @Test
    void a_kill_raises_the_floor_at_once() {
        HeldGate held = HeldGate.first(at(1, 42, ALIVE));

        HeldGate killed = accepted(held, at(1, 43, ALIVE + "kill { reason: 'x' }"));

        assertThat(honours(killed, 1, 42)).isFalse();
        assertThat(honours(accepted(killed, at(1, 44, ALIVE)), 1, 42))
                .as("after the resume")
                .isFalse();
    }

    @Test
    void a_lower_share_or_a_keeping_rule_honours_requests_under_way_until_the_floor_is_raised() {
        HeldGate held = HeldGate.first(at(1, 42, ALIVE));
        String rule = "rules { name: 'out' match { methods: 'GET' } arm: LEGACY }";

        for (HeldGate lowered :
                List.of(
                        accepted(held, at(1, 43, "share_ppm: 1")),
                        accepted(held, at(1, 43, ALIVE + rule)))) {
            assertThat(lowered.isLowFloor(held.gate())).isTrue();
            assertThat(honours(lowered, 1, 42)).as("under way").isTrue();
            assertThat(honours(lowered.withRaisedFloor(), 1, 42)).as("later").isFalse();
            assertThat(honours(lowered.withRaisedFloor(), 1, 43)).isTrue();
        }
    }

    @Test
    void a_raise_has_no_floor_to_raise() {
        HeldGate held = HeldGate.first(at(1, 42, "share_ppm: 1"));

        assertThat(accepted(held, at(1, 43, ALIVE)).isLowFloor(held.gate())).isFalse();
    }

    @Test
    void latches_stay_until_their_ids_are_acknowledged() {
        HeldGate held =
                HeldGate.first(at(1, 1, ALIVE))
                        .withTrip("get", "n/b/1")
                        .withTrip("put", "n/b/2")
                        .withLocalKill(new HeldGate.LocalKill("n/b/3", "errors", Instant.EPOCH));

        HeldGate later = accepted(held, at(1, 2, ALIVE));
        HeldGate first = accepted(later, at(1, 3, ALIVE + "acknowledged_trips: 'n/b/1'"));
        HeldGate all = accepted(first, at(1, 4, ALIVE + "acknowledged_trips: ['n/b/2', 'n/b/3']"));

        assertThat(later.trips()).containsOnlyKeys("get", "put");
        assertThat(first.trips()).containsOnlyKeys("put");
        assertThat(first.localKill()).isPresent();
        assertThat(all.trips()).isEmpty();
        assertThat(all.localKill()).isEmpty();
        assertThat(first.withoutLocalKill().isKilled()).isFalse();
    }
}
