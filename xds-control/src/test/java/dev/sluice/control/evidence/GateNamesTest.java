package dev.sluice.control.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.GateName;
import org.junit.jupiter.api.Test;

final class GateNamesTest {
    private final GateNames names = new GateNames();

    @Test
    void a_name_that_many_write_is_one_object() {
        String first = "gates/" + "orders".strip();

        assertThat(names.read(first).gate()).contains(new GateName("orders"));
        assertThat(names.read("gates/".concat("orders"))).isSameAs(names.read(first));
        assertThat(names.gate("gates/".concat("orders"))).isSameAs(names.gate(first));
    }

    @Test
    void what_is_no_name_of_a_gate_is_read_as_none_and_not_kept() {
        assertThat(names.read("services/orders").gate()).isEmpty();
        assertThat(names.read("services/orders").text()).isEqualTo("services/orders");
        assertThat(names.read("services/orders")).isNotSameAs(names.read("services/orders"));
        assertThatThrownBy(() -> names.gate("services/orders"))
                .hasMessageContaining("'services/orders'")
                .hasMessageContaining("gates/{gate}");
    }

    @Test
    void names_without_end_are_read_and_not_all_kept() {
        GateName first = names.gate("gates/n0");
        for (int i = 1; i < GateNames.MOST; i++) {
            names.gate("gates/n" + i);
        }
        assertThat(names.gate("gates/n0")).isSameAs(first);

        names.gate("gates/one-more");

        assertThat(names.gate("gates/n0")).isEqualTo(first).isNotSameAs(first);
    }
}
