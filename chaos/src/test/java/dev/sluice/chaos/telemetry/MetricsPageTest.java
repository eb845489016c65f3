package dev.sluice.chaos.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is on at a moment, as Prometheus reads it. */
class MetricsPageTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final ActiveFaults.Fault SLOW =
            new ActiveFaults.Fault("slow", "gates/orders", "NEW");
    private static final ActiveFaults.Fault ACTION = ActiveFaults.Fault.ofAction("cut \"it\\\n");

    private final ActiveFaults faults = new ActiveFaults();

    private String samples() {
        return MetricsPage.text("a \"title\"", faults).replaceAll("#.*\n", "");
    }

    @Test
    void a_fault_that_may_come_is_shown_as_off() {
        faults.expect(SLOW);

        assertThat(samples())
                .isEqualTo(
                        """
                        chaos_fault_active{experiment="a \\"title\\"",fault="slow",\
                        gate="gates/orders",arm="NEW"} 0
                        """);
    }

    @Test
    void each_fault_is_on_until_all_are_off() {
        faults.on(SLOW, NOW);
        faults.on(ACTION, NOW.plusSeconds(1));
        assertThat(samples().lines()).hasSize(2).allMatch(line -> line.endsWith("} 1"));
        assertThat(samples()).contains("fault=\"cut \\\"it\\\\\\n\",gate=\"\",arm=\"\"");

        faults.allOff(NOW.plusSeconds(5));
        assertThat(samples().lines()).hasSize(2).allMatch(line -> line.endsWith("} 0"));
    }

    @Test
    void a_fault_that_comes_again_has_another_window() {
        faults.on(SLOW, NOW);
        faults.on(SLOW, NOW.plusSeconds(1));
        faults.allOff(NOW.plusSeconds(5));
        faults.on(SLOW, NOW.plusSeconds(7));

        assertThat(faults.windows())
                .extracting(ActiveFaults.Window::from)
                .containsExactly(NOW, NOW.plusSeconds(7));
        assertThat(faults.windows().getFirst().to()).contains(NOW.plusSeconds(5));
        assertThat(faults.windows().getLast().to()).isEmpty();
        assertThat(faults.known()).containsExactly(SLOW);
    }
}
