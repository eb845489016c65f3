package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionHeaderTest {
    private static final String LEAST = "gate=\"a\", arm=NEW, mode=LIVE, reason=RANDOM, share=0";

    private static GateDecision decision(Optional<String> rule, OptionalInt bucket) {
        return new GateDecision(
                new GateName("orders-v2"),
                Optional.of(new GateRevision(1, Long.MAX_VALUE)),
                Arm.NEW,
                Mode.COMPLETE,
                Reason.SHARE,
                rule,
                bucket,
                new PartsPerMillion(250_000),
                new GateDecision.Key.NotRead());
    }

    @Test
    void a_full_decision_is_read_as_it_was_written() {
        GateDecision decision = decision(Optional.of("vip"), OptionalInt.of(123));

        String value = DecisionHeader.write(decision);

        assertThat(value)
                .isEqualTo(
                        "gate=\"orders-v2\", arm=NEW, mode=COMPLETE, reason=SHARE, share=250000,"
                                + " bucket=123, rev=\"1.9223372036854775807\", rule=\"vip\"");
        assertThat(DecisionHeader.parse(value).orThrow()).isEqualTo(decision);
    }

    @Test
    void what_a_decision_has_not_is_left_out() {
        GateDecision decision = decision(Optional.empty(), OptionalInt.empty());

        assertThat(DecisionHeader.parse(DecisionHeader.write(decision)).orThrow())
                .isEqualTo(decision);
        assertThat(DecisionHeader.parse(LEAST).orThrow().revision()).isEmpty();
    }

    @Test
    void parameters_unknown_keys_and_blanks_do_not_matter_and_the_last_of_a_key_counts() {
        String value =
                LEAST
                        + " \t,\tshare=1;x;y=?1;z=\"q\" , other=\"a\\\"b\\\\\";q=1, flag=tok/en, n=-5 ";

        assertThat(DecisionHeader.parse(value).orThrow().share()).isEqualTo(new PartsPerMillion(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "gate",
                LEAST + ",",
                LEAST + ", ,share=1",
                LEAST + " share=1",
                LEAST + ", share=1.5",
                LEAST + ", share=1234567890123456",
                LEAST + ", Share=1",
                LEAST + ", x=\"open",
                LEAST + ", x=\"bad\\escape\"",
                LEAST + ", x=(1 2)",
                LEAST + ", x=:AA==:"
            })
    void what_is_no_dictionary_of_items_is_refused(String value) {
        assertThat(DecisionHeader.parse(value).problems()).hasSize(1);
    }

    @Test
    void all_problems_are_told_with_their_keys() {
        String value =
                "gate=orders, arm=\"NEW\", mode=OPEN, share=1000001, bucket=1000000, rev=\"0.1\","
                        + " rule=\"Bad Name\"";

        assertThat(DecisionHeader.parse(value).problems())
                .extracting(Problem::path)
                .containsExactly("gate", "arm", "mode", "reason", "share", "bucket", "rev", "rule");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rev=1",
                "rev=\"1\"",
                "rev=\"1.0\"",
                "rev=\"9999999999999999999.1\"",
                "rev=\"1.2.3\"",
                "bucket=-1",
                "gate=\"\"",
                "arm=new"
            })
    void a_bad_value_is_refused(String member) {
        assertThat(DecisionHeader.parse(LEAST + ", " + member).problems())
                .singleElement()
                .satisfies(problem -> assertThat(member).startsWith(problem.path() + "="));
    }
}
