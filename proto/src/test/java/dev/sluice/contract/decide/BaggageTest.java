package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaggageTest {
    private static CarriedDecision shop(int bucket) {
        return new CarriedDecision(
                "shop",
                Optional.of(new GateRevision(1, 42)),
                Mode.COMPLETE,
                OptionalInt.of(bucket));
    }

    @Test
    void members_have_the_form_of_the_contract() {
        CarriedDecision inline =
                new CarriedDecision("shop", Optional.empty(), Mode.OFF, OptionalInt.empty());

        assertThat(Baggage.member(shop(999_999))).isEqualTo("sluice.shop=1.42.6.999999");
        assertThat(Baggage.member(inline)).isEqualTo("sluice.shop=0.0.1.-");
        assertThat(Baggage.read(List.of("sluice.shop=0.0.1.-"))).containsExactly(inline);
    }

    @Test
    void reads_over_several_lines_with_blanks_and_properties() {
        List<String> lines = List.of("a=1 , \tsluice.shop = 1.42.6.7 ;p=q", "sluice.x=1.1.1.0");

        assertThat(Baggage.read(lines)).hasSize(2).startsWith(shop(7));
        assertThat(Baggage.find(lines, "shop")).isEqualTo(Carried.of(shop(7)));
        assertThat(Baggage.find(lines, "other")).isEqualTo(Carried.NOTHING);
    }

    @Test
    void different_decisions_of_one_id_conflict_whatever_follows() {
        String conflict = "sluice.shop=1.42.6.7,sluice.shop=1.42.6.8,sluice.shop=1.42.6.7";

        assertThat(Baggage.find(List.of(conflict), "shop")).isEqualTo(Carried.CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sluice.shop",
                "sluice.shop=",
                "sluice.=1.1.1.1",
                "sluice.%73hop=1.1.1.1",
                "sluice.shop\u00e9=1.1.1.1",
                "sluice.a b=1.1.1.1",
                "sluice.shop=1.1.1.%31",
                "sluice.shop=1.1.1",
                "sluice.shop=1.1.1.1.1",
                "sluice.shop=1.1.1.",
                "sluice.shop=0.1.1.1",
                "sluice.shop=1.0.1.1",
                "sluice.shop=-1.1.1.1",
                "sluice.shop=1.1.0.1",
                "sluice.shop=1.1.7.1",
                "sluice.shop=1.1.1.1000000",
                "sluice.shop=1.1.1.+1",
                "sluice.shop=1.1.1.x",
                "sluice.shop=9223372036854775808.1.1.1",
                "sluice.shop=99999999999999999999.1.1.1",
                "sluice.shop;x=1.1.1.1",
                "Sluice.shop=1.1.1.1",
                "",
                ",",
                "sluice"
            })
    void a_malformed_member_is_ignored(String line) {
        assertThat(Baggage.read(List.of(line))).isEmpty();
    }

    @Test
    void members_of_others_stay_byte_for_byte() {
        List<String> lines =
                List.of(
                        "k1=v1;p=1 ,\tk2=v2%20x,, k3=é",
                        " k4 = v4 ,sluice.old=1.1.1.1, k5=v5",
                        "sluice.shop=bad,k6=v6",
                        "sluice.gone=1.1.1.1 , sluice.too=1.1.1.1");

        Baggage.Written written = Baggage.write(lines, List.of(shop(7)));

        assertThat(written.lines())
                .containsExactly(
                        "k1=v1;p=1 ,\tk2=v2%20x,, k3=é",
                        " k4 = v4 , k5=v5", "k6=v6", "sluice.shop=1.42.6.7");
        assertThat(written.left()).isEmpty();
    }

    @Test
    void stripping_leaves_the_others_and_drops_empty_lines() {
        assertThat(Baggage.strip(List.of("sluice.shop=1.1.1.1", "a=b,sluice.shop=1.1.1.1", "")))
                .containsExactly("a=b");
    }

    @Test
    void what_does_not_fit_in_512_bytes_is_told() {
        List<CarriedDecision> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(
                    new CarriedDecision(
                            "set-" + i, Optional.empty(), Mode.LIVE, OptionalInt.of(123_456)));
        }

        Baggage.Written written = Baggage.write(List.of("a=b"), many);

        String ours = written.lines().getLast();
        assertThat(ours.length()).isBetween(480, Baggage.MOST_BYTES);
        List<CarriedDecision> all = new ArrayList<>(Baggage.read(List.of(ours)));
        all.addAll(written.left());
        assertThat(all).containsExactlyInAnyOrderElementsOf(many);
        assertThat(written.left()).isNotEmpty();
    }
}
