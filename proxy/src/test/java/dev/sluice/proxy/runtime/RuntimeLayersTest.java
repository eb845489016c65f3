package dev.sluice.proxy.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import dev.sluice.proxy.snapshot.runtime.RuntimeNumber;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Layer;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Source;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeLayersTest {
    private final RuntimeLayers layers =
            new RuntimeLayers(
                    new RuntimeSpec(
                            List.of(
                                    new Layer("static", new Source.Fixed(Map.of("k", number(1)))),
                                    new Layer("remote", new Source.Subscribed("r")),
                                    new Layer("admin", new Source.Administered()))));

    private static RuntimeValue number(double value) {
        return new RuntimeValue.Numeral(Double.toString(value), value);
    }

    private long k() {
        return layers.values().number(new RuntimeNumber("k", 0));
    }

    @Test
    void a_later_layer_is_over_those_before_it_until_it_has_no_value() {
        long first = k();
        layers.receive(Map.of("r", Map.of("k", number(2)), "other", Map.of("k", number(9))));
        long second = k();
        layers.administer(Map.of("k", Optional.of(number(3))));
        long third = k();
        layers.receive(Map.of());
        long stays = k();
        layers.administer(Map.of("k", Optional.empty()));

        assertThat(List.of(first, second, third, stays, k())).containsExactly(1L, 2L, 3L, 3L, 1L);
    }

    @Test
    void each_layer_is_shown_with_its_own_values() {
        layers.receive(Map.of("r", Map.of("b", number(2))));

        assertThat(layers.shown())
                .containsExactly(
                        new RuntimeLayers.Shown("static", Map.of("k", number(1))),
                        new RuntimeLayers.Shown("remote", Map.of("b", number(2))),
                        new RuntimeLayers.Shown("admin", Map.of()));
        assertThat(layers.isAdministered()).isTrue();
        assertThat(new RuntimeLayers(RuntimeSpec.NONE).isAdministered()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "25, 250000",
        "100, 1000000",
        "1000, 1000000",
        "-1, 7",
        "0.5, 0",
        "99.9, 990000"
    })
    void a_number_is_a_whole_percentage_and_one_below_zero_is_none(double value, int ppm) {
        RuntimeValues values = new RuntimeValues(Map.of("k", number(value)));

        assertThat(values.share(new RuntimeShare("k", new PartsPerMillion(7))).value())
                .isEqualTo(ppm);
    }

    @Test
    void a_value_of_another_kind_counts_as_none() {
        RuntimeValues values =
                new RuntimeValues(
                        Map.of(
                                "flag",
                                new RuntimeValue.Flag(false),
                                "text",
                                new RuntimeValue.Text("many"),
                                "part",
                                new RuntimeValue.Fraction("f", new PartsPerMillion(3))));

        assertThat(values.share(new RuntimeShare("part", PartsPerMillion.ALL)).value())
                .isEqualTo(3);
        assertThat(values.share(new RuntimeShare("flag", PartsPerMillion.ALL)).isAll()).isTrue();
        assertThat(values.number("part")).isEmpty();
        assertThat(values.number(new RuntimeNumber("text", 5))).isEqualTo(5);
        assertThat(values.isOn(new RuntimeFlag("flag", true))).isFalse();
        assertThat(values.isOn(new RuntimeFlag("text", true))).isTrue();
        assertThat(values.isOn(RuntimeFlag.ON)).isTrue();
    }
}
