package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Gate;
import org.junit.jupiter.api.Test;

class PreviewTest {
    private static final String OUT = "rules { name: 'out' match { methods: 'PUT' } arm: LEGACY } ";
    private static final String IN = "rules { name: 'in' match { methods: 'GET' } arm: NEW } ";
    private static final String SHARED =
            "rules { name: 'rest' match { methods: 'POST' } share {} } ";

    private static Preview between(String before, String after) {
        return Preview.between(Gates.orders(before), Gates.orders(after));
    }

    private static String share(int ppm) {
        return "share_ppm: " + ppm + " ";
    }

    private static Preview.WayBack wayBack(String before, String after) {
        return between(before, after).wayBack();
    }

    @Test
    void a_raise_only_adds_keys() {
        Preview preview = between(share(100_000), share(250_000));

        assertThat(preview.toPpm().value()).isEqualTo(150_000);
        assertThat(preview.backPpm().isNone()).isTrue();
        assertThat(preview.exposedPpm().value()).isEqualTo(250_000);
        assertThat(preview.movesBack()).isFalse();
        assertThat(preview.needsAllowMoves()).isFalse();
    }

    @Test
    void a_lower_share_or_a_kill_takes_back_and_is_not_held_up() {
        Preview lower = between(share(250_000), share(100_000));
        Preview kill = between(share(250_000), share(250_000) + "kill { reason: 'x' }");

        assertThat(lower.backPpm().value()).isEqualTo(150_000);
        assertThat(kill.backPpm().value()).isEqualTo(250_000);
        assertThat(kill.exposedPpm().isNone()).isTrue();
        assertThat(lower.wayBack()).isEqualTo(Preview.WayBack.TAKEN_BACK);
        assertThat(kill.wayBack()).isEqualTo(Preview.WayBack.TAKEN_BACK);
        assertThat(between(share(0), share(0) + "kill { reason: 'x' }").movesBack())
                .as("a kill may take back requests of rules")
                .isTrue();
    }

    @Test
    void a_resume_moves_the_keys_again() {
        Preview resume = between(share(250_000) + "kill { reason: 'x' }", share(250_000));

        assertThat(resume.toPpm().value()).isEqualTo(250_000);
        assertThat(resume.movesBack()).isFalse();
    }

    @Test
    void another_salt_or_key_source_draws_every_key_anew() {
        Preview salt = between(share(250_000), share(250_000) + "bucketing { salt: 'other' }");
        Preview key =
                between(share(500_000), share(500_000) + "bucketing { key { header: 'x-id' } }");

        assertThat(salt.toPpm().value()).isEqualTo(187_500);
        assertThat(salt.backPpm().value()).isEqualTo(187_500);
        assertThat(salt.needsAllowMoves()).isTrue();
        assertThat(key.backPpm().value()).isEqualTo(250_000);
        assertThat(key.needsAllowMoves()).isTrue();
        assertThat(wayBack(share(0), share(0) + "bucketing { salt: 'other' }"))
                .as("nothing is exposed yet")
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1_000_000), share(1_000_000) + "bucketing { salt: 'other' }"))
                .as("everything stays exposed")
                .isEqualTo(Preview.WayBack.NONE);
    }

    @Test
    void the_next_step_of_a_migration_moves_nothing_and_the_former_one_moves_back() {
        String ramp = "store_kind: SEPARATE from: SHADOW to: LIVE ";
        String down = "store_kind: SEPARATE from: LIVE to: RAMP_DOWN ";

        assertThat(wayBack(ramp + share(1_000_000), down + share(0)))
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(down + share(0), ramp + share(1_000_000)))
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(ramp + share(500_000), down + share(0)))
                .as("half of the keys skip to LIVE")
                .isEqualTo(Preview.WayBack.NONE);
        Preview back = between(down + share(500_000), ramp + share(300_000));
        assertThat(back.backPpm().isAll()).isTrue();
        assertThat(back.needsAllowMoves()).isTrue();
    }

    @Test
    void a_rule_that_keeps_out_what_was_in_needs_to_be_allowed() {
        assertThat(wayBack(share(1), share(1) + OUT)).isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(share(0), share(0) + OUT)).isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(0) + IN, share(0))).isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(share(0) + IN, share(0) + OUT)).isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(share(1_000_000) + IN, share(1_000_000)))
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1_000_000) + IN, share(1_000_000) + OUT))
                .isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(share(1) + OUT, share(1))).isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1), share(1) + IN)).isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1) + OUT, share(1) + OUT + SHARED))
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1) + SHARED + IN, share(1) + SHARED + OUT))
                .isEqualTo(Preview.WayBack.MOVED);
    }

    @Test
    void a_lower_share_hides_no_other_move() {
        assertThat(wayBack(share(500_000), share(1) + OUT)).isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(share(500_000), share(1) + "bucketing { salt: 'other' }"))
                .isEqualTo(Preview.WayBack.MOVED);
    }

    @Test
    void requests_without_key_move_back_when_the_policy_turns_to_legacy() {
        String random = "bucketing { random {} } ";

        assertThat(wayBack(share(1) + random, share(1))).isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(share(0) + random, share(1))).isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1) + random, share(1_000_000))).isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1) + random, share(1) + random)).isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(share(1), share(1) + random)).isEqualTo(Preview.WayBack.NONE);
    }

    @Test
    void a_new_gate_exposes_its_share_and_names_its_fixed_rules() {
        Gate gate = Gates.orders(share(10_000) + IN + SHARED + OUT);

        Preview preview = Preview.ofNew(gate);

        assertThat(preview.toPpm().value()).isEqualTo(10_000);
        assertThat(preview.exposedPpm().value()).isEqualTo(10_000);
        assertThat(preview.fixedRules()).containsExactly("in", "out");
        assertThat(preview.movesBack()).isFalse();
    }

    private static String cohort(String arm, String keys) {
        return "contract_version: 2 rules { name: 'c' cohort { " + keys + " } " + arm + " } ";
    }

    private static final String A = "include { exact: 'a' } ";
    private static final String A_B = A + "include { exact: 'b' } ";

    @Test
    void a_cohort_that_grows_moves_nobody_back_where_its_rule_puts_in() {
        String half = share(500_000);

        assertThat(wayBack(half + cohort("arm: NEW", A), half + cohort("arm: NEW", A_B)))
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(
                        wayBack(
                                half + cohort("arm: NEW", A + "exclude { exact: 'x' }"),
                                half + cohort("arm: NEW", A)))
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(half + cohort("arm: NEW", A_B), half + cohort("arm: NEW", A)))
                .isEqualTo(Preview.WayBack.MOVED);
        assertThat(
                        wayBack(
                                half + cohort("arm: NEW", A_B) + OUT,
                                half + cohort("arm: NEW", A_B + "include { exact: 'c' }") + OUT))
                .as("what follows stays the same")
                .isEqualTo(Preview.WayBack.NONE);
    }

    @Test
    void a_cohort_that_shrinks_moves_nobody_back_where_its_rule_keeps_out() {
        String half = share(500_000);

        assertThat(wayBack(half + cohort("arm: LEGACY", A_B), half + cohort("arm: LEGACY", A)))
                .isEqualTo(Preview.WayBack.NONE);
        assertThat(wayBack(half + cohort("arm: LEGACY", A), half + cohort("arm: LEGACY", A_B)))
                .isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(cohort("arm: LEGACY", A), cohort("arm: LEGACY", A_B)))
                .as("nobody was in")
                .isEqualTo(Preview.WayBack.NONE);
    }

    @Test
    void a_rule_that_becomes_one_for_a_cohort_is_another_rule() {
        String everybody = "rules { name: 'c' arm: NEW } ";

        assertThat(wayBack(everybody, cohort("arm: NEW", A))).isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(cohort("arm: NEW", A), everybody)).isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(cohort("arm: NEW", A), cohort("share {}", A_B)))
                .isEqualTo(Preview.WayBack.MOVED);
        assertThat(wayBack(cohort("share {}", A) + IN, cohort("share {}", A_B) + IN))
                .as("who is no longer put in by the next rule")
                .isEqualTo(Preview.WayBack.MOVED);
    }

    private static Preview writes(int before, int after, String rest) {
        return Preview.between(Gates.writes(before, rest), Gates.writes(after, rest));
    }

    @Test
    void a_write_authority_moves_writes_and_no_read() {
        Preview raise = writes(100_000, 250_000, share(250_000));
        Preview lower = writes(250_000, 100_000, share(250_000));

        assertThat(raise.writesToNewPpm().value()).isEqualTo(150_000);
        assertThat(raise.writesToLegacyPpm().isNone()).isTrue();
        assertThat(raise.toPpm().isNone()).isTrue();
        assertThat(raise.movesBack()).isFalse();
        assertThat(lower.writesToLegacyPpm().value()).isEqualTo(150_000);
        assertThat(lower.writesToNewPpm().isNone()).isTrue();
        assertThat(lower.backPpm().isNone()).isTrue();
        assertThat(lower.wayBack()).isEqualTo(Preview.WayBack.TAKEN_BACK);
    }

    @Test
    void share_and_kill_move_no_write_where_there_is_a_write_authority() {
        Gate before = Gates.writes(250_000, share(250_000));

        Preview raise = Preview.between(before, Gates.writes(250_000, share(500_000)));
        Preview kill =
                Preview.between(
                        before, Gates.writes(250_000, share(250_000) + "kill { reason: 'x' }"));

        assertThat(raise.toPpm().value()).isEqualTo(250_000);
        assertThat(raise.writesToNewPpm().isNone()).isTrue();
        assertThat(kill.backPpm().value()).isEqualTo(250_000);
        assertThat(kill.writesToLegacyPpm().isNone()).isTrue();
    }

    @Test
    void writes_follow_the_share_where_there_is_no_write_authority() {
        String ramp = "store_kind: SEPARATE from: SHADOW to: LIVE ";
        String down = "store_kind: SEPARATE from: LIVE to: RAMP_DOWN ";

        assertThat(between(ramp + share(1), ramp + share(250_001)).writesToNewPpm().value())
                .isEqualTo(250_000);
        assertThat(
                        between(ramp + share(9), ramp + share(9) + "kill { reason: 'x' }")
                                .writesToLegacyPpm()
                                .value())
                .isEqualTo(9);
        assertThat(between(ramp + share(250_000), down).writesToNewPpm().value())
                .as("between LIVE and RAMP_DOWN all are NEW's")
                .isEqualTo(750_000);
        assertThat(
                        Preview.ofNew(
                                        Gates.orders(
                                                "store_kind: SEPARATE from: DUAL_WRITE to: SHADOW "
                                                        + share(5)))
                                .writesToNewPpm()
                                .isNone())
                .isTrue();
        assertThat(Preview.ofNew(Gates.writes(7, share(5))).writesToNewPpm().value()).isEqualTo(7);
    }
}
