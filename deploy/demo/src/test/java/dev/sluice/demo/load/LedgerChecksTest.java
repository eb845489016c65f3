package dev.sluice.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.decide.Buckets;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.Salt;
import dev.sluice.demo.load.Entry.Outcome.Answered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Each check finds what it is there to find, and nothing in a sound ledger. */
class LedgerChecksTest {
    private static final String SALT = "salt";
    private static final GateName ORDERS = GateName.parse("gates/orders").orThrow();
    private static final GateName CUSTOMERS = GateName.parse("gates/customers").orThrow();
    private static final int SHARE = 250_000;
    private static final GateRevision REVISION = new GateRevision(1, 4);

    private final Ledger ledger = new Ledger();
    private final LedgerChecks checks =
            new LedgerChecks(
                    SALT,
                    Map.of(
                            "gates/orders",
                            Map.of(REVISION, SHARE),
                            "gates/customers",
                            Map.of(REVISION, SHARE)),
                    entry -> entry.call().user() == 13);

    @Test
    void a_sound_ledger_has_no_violations() {
        for (int user = 1; user <= 2_000; user++) {
            add(user, answered(user, arm(user), 200, arm(user)));
        }

        Findings findings = checks.check(ledger);

        assertThat(findings.checks()).allSatisfy(check -> assertThat(check.violations()).isEmpty());
        assertThat(findings.hold()).isTrue();
    }

    @Test
    void an_empty_ledger_does_not_hold() {
        assertThat(checks.check(ledger).hold()).isFalse();
    }

    @Test
    void finds_an_arm_that_the_bucket_does_not_explain() {
        int user = userOn(Arm.LEGACY);
        add(user, answered(user, Arm.NEW, 200, Arm.NEW));

        assertThat(violated())
                .contains("the decision header explains the arm of every answered request");
    }

    @Test
    void finds_a_server_that_is_not_the_decided_arm() {
        int user = userOn(Arm.NEW);
        Answered answered = (Answered) answered(user, Arm.NEW, 200, Arm.NEW);
        add(user, new Answered(200, "orders/legacy", answered.decision(), answered.inner(), ""));

        assertThat(violated())
                .contains("the decision header explains the arm of every answered request");
    }

    @Test
    void finds_two_services_on_different_sides() {
        int user = userOn(Arm.NEW);
        add(user, answered(user, Arm.NEW, 200, Arm.LEGACY));

        assertThat(violated())
                .containsExactly(
                        "both services of a request were on the same side, by one carried decision");
    }

    @Test
    void finds_an_order_whose_inner_call_is_not_told() {
        int user = userOn(Arm.NEW);
        Answered answered = (Answered) answered(user, Arm.NEW, 200, Arm.NEW);
        add(user, new Answered(200, "orders/new", answered.decision(), Optional.empty(), ""));

        assertThat(violated())
                .contains(
                        "both services of a request were on the same side, by one carried decision");
    }

    @Test
    void finds_an_inner_call_that_was_decided_anew() {
        int user = userOn(Arm.NEW);
        Answered answered = (Answered) answered(user, Arm.NEW, 200, Arm.NEW);
        Entry.Inner anew =
                new Entry.Inner(
                        "customers/new",
                        Optional.of(decision(CUSTOMERS, user, Arm.NEW, Reason.SHARE)));
        add(user, new Answered(200, "orders/new", answered.decision(), Optional.of(anew), ""));

        assertThat(violated())
                .contains(
                        "both services of a request were on the same side, by one carried decision");
    }

    @Test
    void finds_an_answer_without_a_decision() {
        Answered answered = (Answered) answered(1, arm(1), 200, arm(1));
        add(1, new Answered(200, answered.servedBy(), Optional.empty(), answered.inner(), ""));

        assertThat(violated())
                .contains("the decision header explains the arm of every answered request");
    }

    @Test
    void finds_a_good_answer_of_nobody() {
        Answered answered = (Answered) answered(1, arm(1), 200, arm(1));
        add(1, new Answered(200, "", answered.decision(), answered.inner(), ""));

        assertThat(violated())
                .contains("the decision header explains the arm of every answered request");
    }

    @Test
    void finds_a_revision_that_the_control_plane_does_not_know() {
        LedgerChecks others = new LedgerChecks(SALT, Map.of(), _ -> false);
        add(1, answered(1, arm(1), 200, arm(1)));

        assertThat(others.check(ledger).hold()).isFalse();
    }

    @Test
    void finds_a_key_that_moved_back_while_the_share_rose() {
        int user = userOn(Arm.NEW);
        add(user, answered(user, Arm.NEW, 200, Arm.NEW));
        add(user, answered(user, Arm.LEGACY, 200, Arm.LEGACY));

        assertThat(violated()).contains("raising the share moved no key back");
    }

    @Test
    void finds_a_share_outside_its_interval() {
        for (int user = 1; user <= 4_000; user++) {
            if (arm(user) == Arm.NEW) {
                add(user, answered(user, Arm.NEW, 200, Arm.NEW));
            }
        }

        assertThat(violated())
                .containsExactly(
                        "each step's share of distinct keys is inside its 99.9 % binomial interval");
    }

    @Test
    void finds_a_lost_request_and_one_without_outcome() {
        for (int user = 1; user <= 500; user++) {
            add(user, answered(user, arm(user), 200, arm(user)));
        }
        add(1, new Entry.Outcome.Lost("reset"));
        ledger.sending();

        assertThat(violated()).contains("every request sent has its one outcome");
    }

    @Test
    void excuses_errors_of_the_seeded_bug_only() {
        for (int user = 1; user <= 500; user++) {
            add(user, answered(user, arm(user), user == 13 ? 500 : 200, arm(user)));
        }
        assertThat(violated()).isEmpty();

        add(14, answered(14, arm(14), 503, arm(14)));
        assertThat(violated())
                .containsExactly("no error reached a user but those of the seeded bug");
    }

    private java.util.List<String> violated() {
        return checks.check(ledger).checks().stream()
                .filter(check -> !check.violations().isEmpty())
                .map(Findings.Check::claim)
                .toList();
    }

    private void add(int user, Entry.Outcome outcome) {
        ledger.sending();
        ledger.record(
                new Entry(new Call.ReadOrder(user), Instant.EPOCH, Duration.ofMillis(1), outcome));
    }

    private static Entry.Outcome answered(int user, Arm arm, int status, Arm innerArm) {
        return new Answered(
                status,
                "orders/" + suffix(arm),
                Optional.of(decision(ORDERS, user, arm, Reason.SHARE)),
                Optional.of(
                        new Entry.Inner(
                                "customers/" + suffix(innerArm),
                                Optional.of(decision(CUSTOMERS, user, innerArm, Reason.CARRIED)))),
                "");
    }

    private static GateDecision decision(GateName gate, int user, Arm arm, Reason reason) {
        return new GateDecision(
                gate,
                Optional.of(REVISION),
                arm,
                arm == Arm.NEW ? Mode.COMPLETE : Mode.OFF,
                reason,
                Optional.empty(),
                OptionalInt.of(bucket(user)),
                new PartsPerMillion(SHARE),
                new GateDecision.Key.NotRead());
    }

    private static int userOn(Arm arm) {
        int user = 1;
        while (arm(user) != arm) {
            user++;
        }
        return user;
    }

    private static Arm arm(int user) {
        return bucket(user) < SHARE ? Arm.NEW : Arm.LEGACY;
    }

    private static int bucket(int user) {
        return Buckets.bucket(
                new Salt(SALT), Integer.toString(user).getBytes(StandardCharsets.US_ASCII));
    }

    private static String suffix(Arm arm) {
        return arm == Arm.NEW ? "new" : "legacy";
    }
}
