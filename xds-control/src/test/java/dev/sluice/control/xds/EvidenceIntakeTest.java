package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EvidenceIntakeTest {
    @Test
    void sidecars_of_a_large_fleet_report_less_often_but_never_so_that_they_seem_silent() {
        assertThat(EvidenceIntake.intervalMillis(0)).isEqualTo(500);
        assertThat(EvidenceIntake.intervalMillis(2_000)).isEqualTo(500);
        assertThat(EvidenceIntake.intervalMillis(10_000)).isEqualTo(2_500);
        assertThat(EvidenceIntake.intervalMillis(1_000_000)).isEqualTo(5_000);
    }
}
