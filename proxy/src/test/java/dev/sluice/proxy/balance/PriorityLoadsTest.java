package dev.sluice.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.balance.PriorityLoads.Census;
import dev.sluice.proxy.endpoint.Endpoint.Availability;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of Envoy's documentation on priority levels, degraded endpoints and panic. */
class PriorityLoadsTest {
    @ParameterizedTest
    @CsvSource({
        "100,100, 100,0",
        "72,72, 100,0",
        "71,71, 99,1",
        "50,50, 70,30",
        "25,100, 35,65",
        "25,25, 50,50",
        "0,100, 0,100"
    })
    void two_priorities_spill_as_documented(int p0, int p1, int load0, int load1) {
        PriorityLoads loads = loads(0, healthy(p0), healthy(p1));

        assertThat(List.of(loads.healthy(0), loads.healthy(1)))
                .as("loads of health %d %% and %d %%", p0, p1)
                .containsExactly(load0, load1);
    }

    @ParameterizedTest
    @CsvSource({"25,25,25, 35,35,30", "20,20,10, 40,40,20", "90,0,100, 100,0,0"})
    void three_priorities_are_scaled_up_together(
            int p0, int p1, int p2, int load0, int load1, int load2) {
        PriorityLoads loads = loads(0, healthy(p0), healthy(p1), healthy(p2));

        assertThat(List.of(loads.healthy(0), loads.healthy(1), loads.healthy(2)))
                .as("loads")
                .containsExactly(load0, load1, load2);
    }

    @Test
    void degraded_endpoints_get_what_the_healthy_ones_of_all_priorities_can_not_take() {
        PriorityLoads loads = loads(0, of(100, 5, 100 - 5), of(100, 5, 0));

        assertThat(loads.healthy(0)).as("healthy of priority 0").isEqualTo(7);
        assertThat(loads.healthy(1)).as("healthy of priority 1").isEqualTo(7);
        assertThat(loads.degraded(0)).as("degraded of priority 0").isEqualTo(86);
        assertThat(loads.choose(6).availability()).as("number 6").isEqualTo(Availability.HEALTHY);
        assertThat(loads.choose(14))
                .as("number 14")
                .isEqualTo(new PriorityLoads.Choice(0, Availability.DEGRADED));
    }

    @Test
    void there_is_no_panic_while_all_priorities_together_can_take_everything() {
        PriorityLoads loads = loads(50, healthy(10), healthy(100));

        assertThat(loads.isInPanic(0)).as("panic of priority 0").isFalse();
        assertThat(loads.healthy(0)).as("load of priority 0").isEqualTo(14);
    }

    @Test
    void one_priority_panics_alone() {
        PriorityLoads loads = loads(50, healthy(5), healthy(60));

        assertThat(loads.isInPanic(0)).as("panic of priority 0").isTrue();
        assertThat(loads.isInPanic(1)).as("panic of priority 1").isFalse();
    }

    @Test
    void when_all_panic_only_the_number_of_endpoints_counts() {
        PriorityLoads loads = loads(50, of(4, 0, 0), of(12, 1, 0));

        assertThat(loads.isInPanic(0) && loads.isInPanic(1)).as("total panic").isTrue();
        assertThat(List.of(loads.healthy(0), loads.healthy(1))).as("loads").containsExactly(25, 75);
    }

    @Test
    void without_panic_nothing_healthy_leads_to_the_first_priority() {
        PriorityLoads loads = loads(0, healthy(0), healthy(0));

        assertThat(loads.choose(99).priority()).as("priority").isZero();
        assertThat(loads.isInPanic(0)).as("panic").isFalse();
    }

    private static Census healthy(int percent) {
        return of(100, percent, 0);
    }

    private static Census of(int total, int healthy, int degraded) {
        return new Census(total, healthy, degraded, healthy, degraded, total);
    }

    private static PriorityLoads loads(int panic, Census... censuses) {
        return PriorityLoads.of(Arrays.asList(censuses), 140, panic);
    }
}
