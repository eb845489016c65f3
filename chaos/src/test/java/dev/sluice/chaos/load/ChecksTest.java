package dev.sluice.chaos.load;

import static dev.sluice.chaos.load.Ledgers.body;
import static dev.sluice.chaos.load.Ledgers.byShare;
import static dev.sluice.chaos.load.Ledgers.decided;
import static dev.sluice.chaos.load.Ledgers.entry;
import static dev.sluice.chaos.load.Ledgers.ok;
import static dev.sluice.chaos.load.Ledgers.revised;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Planned.Operation;
import dev.sluice.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each check by a ledger that keeps its claim and by ledgers that break it. */
class ChecksTest {
    private static Finding found(Check check, Ledger ledger) {
        return Checks.run(ledger, Set.of(check)).getFirst();
    }

    private static Finding found(Check check, Entry... entries) {
        return found(check, Ledgers.of(entries));
    }

    private static void held(Finding finding) {
        assertThat(finding.verdict()).as("%s", finding).isEqualTo(Finding.Verdict.HELD);
    }

    private static void broken(Finding finding, String example) {
        assertThat(finding.verdict()).as("%s", finding).isEqualTo(Finding.Verdict.BROKEN);
        assertThat(finding.examples()).hasSize(1);
        assertThat(finding.examples().getFirst()).contains(example);
    }

    @ParameterizedTest
    @EnumSource(Check.class)
    void an_empty_ledger_proves_nothing(Check check) {
        assertThat(found(check).verdict()).isEqualTo(Finding.Verdict.NOT_SEEN);
    }

    @Test
    void ids_hold_when_every_request_has_its_answer() {
        held(found(Check.IDS, entry(0, "a", ok()), entry(1, "a", new Answer.Failed("no"))));
    }

    @Test
    void ids_break_when_one_is_lost_in_the_middle_or_at_the_end() {
        broken(found(Check.IDS, entry(0, "a", ok()), entry(2, "a", ok())), "lost: 1..1");
        Ledger short1 = new Ledger(ManualClock.START, 3);
        short1.add(entry(0, "a", ok()));
        broken(found(Check.IDS, short1), "lost: 1..2");
    }

    @Test
    void ids_break_when_one_has_two_answers() {
        Ledger twice = new Ledger(ManualClock.START, 1);
        twice.add(entry(0, "a", ok()));
        twice.add(entry(0, "a", ok()));
        broken(found(Check.IDS, twice), "request 0: twice");
    }

    @Test
    void ids_break_when_an_answer_is_of_another_request() {
        Answer other =
                new Answer.Complete(
                        200, Optional.of(false), Optional.empty(), body(OptionalLong.empty()));
        broken(found(Check.IDS, entry(0, "a", other)), "request 0: the answer of another");
    }

    @Test
    void errors_break_on_5xx_cuts_failures_and_what_was_not_sent() {
        Answer bad =
                new Answer.Complete(
                        503, Optional.empty(), Optional.empty(), body(OptionalLong.empty()));
        Answer missing =
                new Answer.Complete(
                        404, Optional.empty(), Optional.empty(), body(OptionalLong.empty()));
        held(found(Check.ERRORS, entry(0, "a", ok()), entry(1, "a", missing)));
        Finding finding =
                found(
                        Check.ERRORS,
                        entry(0, "a", bad),
                        entry(1, "a", new Answer.Cut(200, 3, "EOF")),
                        entry(2, "a", new Answer.Failed("refused")),
                        entry(3, "a", new Answer.NotSent()));
        assertThat(finding.broken()).isEqualTo(4);
        assertThat(finding.examples())
                .containsExactly(
                        "request 0: status 503",
                        "request 1: cut after 3 bytes: EOF",
                        "request 2: refused",
                        "request 3: not sent, as too many were under way");
    }

    @Test
    void arms_hold_when_keys_move_with_the_share_and_come_back_with_it() {
        held(
                found(
                        Check.ARM,
                        entry(0, "a", byShare("LEGACY", 100)),
                        entry(1, "a", byShare("NEW", 200)),
                        entry(2, "a", byShare("NEW", 300)),
                        entry(3, "a", byShare("LEGACY", 100))));
    }

    @Test
    void arms_hold_when_a_trip_or_a_fallback_takes_a_key_back() {
        held(
                found(
                        Check.ARM,
                        entry(0, "a", byShare("NEW", 200)),
                        entry(1, "a", decided("LEGACY", 200, "FALLBACK")),
                        entry(2, "a", decided("LEGACY", 200, "TRIP"))));
    }

    @Test
    void arms_break_when_a_key_flaps_at_one_share_or_goes_back_at_a_higher() {
        broken(
                found(
                        Check.ARM,
                        entry(0, "a", byShare("NEW", 200)),
                        entry(1, "a", byShare("LEGACY", 200))),
                "a at target 0 of gates/orders: on NEW at share 200, on LEGACY at 200");
        broken(
                found(
                        Check.ARM,
                        entry(0, "a", byShare("NEW", 200)),
                        entry(1, "a", byShare("LEGACY", 300))),
                "on LEGACY at 300");
    }

    @Test
    void revisions_hold_when_they_grow_and_where_requests_overlapped() {
        Entry long1 = new Entry(new Planned(2, "b", 0, Operation.READ, 8), 8, 90, revised("1.1"));
        Entry elsewhere =
                new Entry(new Planned(9, "a", 1, Operation.READ, 90), 90, 95, revised("1.1"));
        held(
                found(
                        Check.REVISION,
                        entry(0, "a", revised("1.1")),
                        entry(1, "a", revised("1.9")),
                        long1,
                        entry(3, "a", revised("1.10")),
                        entry(4, "a", revised("2.1")),
                        entry(5, "a", byShare("NEW", 200)),
                        elsewhere));
    }

    @Test
    void revisions_break_when_a_later_request_is_decided_by_a_lower_one_whatever_its_key() {
        broken(
                found(
                        Check.REVISION,
                        entry(0, "a", revised("1.10")),
                        entry(1, "b", revised("1.9")),
                        entry(2, "b", revised("1.10"))),
                "request 1: revision 1.9, after request 0: revision 1.10");
        broken(
                found(
                        Check.REVISION,
                        entry(0, "a", revised("2.1")),
                        entry(1, "a", revised("1.99"))),
                "revision 1.99");
    }

    @Test
    void arms_are_compared_per_key_and_sidecar() {
        Entry elsewhere =
                new Entry(new Planned(2, "a", 1, Operation.READ, 0), 0, 1, byShare("LEGACY", 200));
        held(
                found(
                        Check.ARM,
                        entry(0, "a", byShare("NEW", 200)),
                        entry(1, "b", byShare("LEGACY", 200)),
                        elsewhere));
    }

    @Test
    void arms_break_when_a_decision_cannot_be_read() {
        broken(
                found(Check.ARM, entry(0, "a", Ledgers.answered(Optional.of("arm=?")))),
                "request 0: no decision");
    }

    private static Finding share(int keys, int onNew, int share) {
        List<Entry> entries = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            for (int time = 0; time < 2; time++) {
                String arm = key < onNew ? "NEW" : "LEGACY";
                entries.add(entry(entries.size(), "k" + key, byShare(arm, share)));
            }
        }
        return found(Check.SHARE, entries.toArray(Entry[]::new));
    }

    @Test
    void shares_hold_inside_the_interval_of_distinct_keys() {
        // Of 100 keys at 25 %: 12 to 40 (0.0005 is cut off at most at each end).
        held(share(100, 25, 250_000));
        held(share(100, 12, 250_000));
        held(share(100, 40, 250_000));
        held(share(20, 0, 0));
        held(share(20, 20, 1_000_000));
    }

    @Test
    void shares_break_outside_of_it() {
        broken(share(100, 11, 250_000), "11 of 100 keys on NEW (expected: 12..40)");
        broken(share(100, 41, 250_000), "41 of 100 keys");
        broken(share(20, 1, 0), "1 of 20 keys on NEW (expected: 0..0)");
        broken(share(20, 19, 1_000_000), "19 of 20 keys on NEW (expected: 20..20)");
    }

    @Test
    void bodies_hold_when_length_hash_and_end_are_as_said() {
        held(found(Check.BODIES, entry(0, "a", ok())));
    }

    private static Finding bodies(
            OptionalLong declared, Optional<String> digest, Optional<Boolean> ended) {
        Answer.Body body =
                new Answer.Body(4, Ledgers.HASH, declared, digest, ended, OptionalLong.empty());
        return found(
                Check.BODIES,
                entry(0, "a", new Answer.Complete(200, Optional.empty(), Optional.empty(), body)));
    }

    @Test
    void bodies_break_when_length_hash_or_end_differs() {
        OptionalLong none = OptionalLong.empty();
        broken(
                bodies(OptionalLong.of(5), Optional.empty(), Optional.empty()),
                "4 bytes (declared: 5)");
        broken(bodies(none, Optional.of("1".repeat(64)), Optional.empty()), "(declared: 111");
        broken(bodies(none, Optional.empty(), Optional.of(false)), "end missing");
    }

    @Test
    void bodies_that_say_nothing_of_themselves_prove_nothing() {
        assertThat(bodies(OptionalLong.empty(), Optional.empty(), Optional.empty()).verdict())
                .isEqualTo(Finding.Verdict.NOT_SEEN);
    }
}
