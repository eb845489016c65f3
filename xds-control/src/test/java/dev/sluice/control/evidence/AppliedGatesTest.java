package dev.sluice.control.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.evidence.AppliedGates.Applied;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AppliedGatesTest {
    private static final GateName ORDERS = new GateName("orders");
    private static final GateName USERS = new GateName("users");

    private static Applied applied(long number) {
        return new Applied(new GateRevision(1, number), Instant.ofEpochSecond(number));
    }

    @Test
    void a_report_that_says_nothing_new_leaves_what_was_known() {
        AppliedGates before = AppliedGates.NONE.next(Map.of(ORDERS, applied(1)));

        assertThat(before.next(Map.of(ORDERS, applied(1)))).isSameAs(before);
    }

    @Test
    void a_report_with_news_is_known_by_name_and_revision() {
        AppliedGates before = AppliedGates.NONE.next(Map.of(ORDERS, applied(1), USERS, applied(1)));

        AppliedGates next = before.next(Map.of(ORDERS, applied(1), USERS, applied(2)));

        assertThat(next.byName()).containsOnlyKeys(ORDERS, USERS);
        assertThat(next.byName()).containsEntry(ORDERS, applied(1));
        assertThat(next.byName()).containsEntry(USERS, applied(2));
        assertThat(next.revisions())
                .containsEntry(ORDERS, new GateRevision(1, 1))
                .containsEntry(USERS, new GateRevision(1, 2));
    }

    @Test
    void a_gate_applied_again_at_another_time_is_news() {
        AppliedGates before = AppliedGates.NONE.next(Map.of(ORDERS, applied(1)));
        var later = new Applied(new GateRevision(1, 1), Instant.ofEpochSecond(9));

        assertThat(before.next(Map.of(ORDERS, later)).byName()).containsEntry(ORDERS, later);
    }

    @Test
    void what_differs_is_what_is_another_or_held_by_one_alone() {
        AppliedGates before = AppliedGates.NONE.next(Map.of(ORDERS, applied(1), USERS, applied(1)));
        AppliedGates next = before.next(Map.of(USERS, applied(2)));

        assertThat(next.differing(before)).containsExactlyInAnyOrder(ORDERS, USERS);
        assertThat(before.differing(AppliedGates.NONE)).containsExactlyInAnyOrder(ORDERS, USERS);
        assertThat(before.differing(before)).isEmpty();
        assertThat(before.next(Map.of(ORDERS, applied(1), USERS, applied(2))).differing(before))
                .containsExactly(USERS);
    }

    @Test
    void a_gate_that_is_no_longer_reported_is_gone() {
        AppliedGates before = AppliedGates.NONE.next(Map.of(ORDERS, applied(1), USERS, applied(1)));

        AppliedGates next = before.next(Map.of(USERS, applied(1)));

        assertThat(next.byName()).containsOnlyKeys(USERS);
        assertThat(next.revisions()).containsOnlyKeys(USERS);
    }

    @Test
    void gates_that_are_killed_are_known_from_report_to_report() {
        AppliedGates whole = AppliedGates.NONE.next(Map.of(ORDERS, killed(3), USERS, applied(1)));
        assertThat(whole.killed()).containsOnly(Map.entry(ORDERS, killed(3)));

        AppliedGates both = whole.next(Map.of(USERS, killed(2)), Set.of());
        assertThat(both.killed()).containsOnlyKeys(ORDERS, USERS);
        assertThat(both.next(Map.of(ORDERS, applied(4)), Set.of()).killed())
                .as("resumed")
                .containsOnlyKeys(USERS);
        assertThat(both.next(Map.of(), Set.of(USERS)).killed())
                .as("held no more")
                .containsOnlyKeys(ORDERS);
        assertThat(both.next(Map.of(ORDERS, applied(4), USERS, applied(3))).killed()).isEmpty();
    }

    private static Applied killed(long number) {
        return new Applied(
                new GateRevision(1, number),
                Instant.ofEpochSecond(number),
                Optional.of(new Gate.Kill("wrong totals", Optional.empty(), "ada")),
                0);
    }
}
