package dev.sluice.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.checkpoint.CheckpointState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void the_leader_tells_what_nodes_report() {
        assertThat(metrics(Standing.leading(3)))
                .contains(
                        "sluice_control_leads 1",
                        "sluice_control_hears_leader 1",
                        "sluice_control_log_behind 0",
                        "sluice_control_nodes_served 3",
                        "sluice_gate_share_ratio{gate=\"gates/g\"} 0.25",
                        "sluice_gate_nodes_applied{gate=\"gates/g\"} 2",
                        "sluice_gate_writes_under_way{gate=\"gates/g\"} 4",
                        "sluice_gate_arm_requests{arm=\"NEW\",gate=\"gates/g\"} 7",
                        "sluice_checkpoint_sequence{place=\"folder\"} 8",
                        "sluice_checkpoint_failures_total{place=\"folder\"} 2",
                        "sluice_checkpoint_failing{place=\"folder\"} 1");
    }

    @Test
    void a_follower_tells_what_the_log_says_and_nothing_that_it_does_not_know() {
        assertThat(metrics(new Standing(false, true, OptionalLong.of(4), 1)))
                .contains(
                        "sluice_control_leads 0",
                        "sluice_control_hears_leader 1",
                        "sluice_control_log_behind 4",
                        "sluice_control_nodes_served 1",
                        "sluice_control_log_sequence 9",
                        "sluice_version_expire_time_seconds{version=\"services/s/versions/v1\"}"
                                + " 1.78E9",
                        "sluice_version_overdue{version=\"services/s/versions/v1\"} 1",
                        "sluice_gate_share_ratio{gate=\"gates/g\"} 0.25",
                        "sluice_gate_writes_moving{gate=\"gates/g\"} 1",
                        "sluice_gate_writes_held_ratio{gate=\"gates/g\"} 0.25")
                .doesNotContain(
                        "sluice_gate_writes_under_way",
                        "sluice_gate_nodes",
                        "sluice_gate_arm",
                        "sluice_judge",
                        "sluice_sink",
                        "sluice_checkpoint");
    }

    @Test
    void one_that_hears_nobody_does_not_know_how_far_it_is_behind() {
        assertThat(metrics(new Standing(false, false, OptionalLong.empty(), 0)))
                .contains("sluice_control_hears_leader 0")
                .doesNotContain("sluice_control_log_behind");
    }

    private static String metrics(Standing standing) {
        var arm = new Status.ArmRow("services/s/versions/v", 7, 1, 3, 1, 10, 20);
        var gate =
                new Status.GateRow(
                        "gates/g",
                        "",
                        250_000,
                        "OFF",
                        "COMPLETE",
                        "1/1",
                        "",
                        List.of(),
                        List.of(),
                        3,
                        2,
                        new Status.WritesRow(
                                "0 % of its writes are on their way to 25 %", 250_000, 4),
                        new Status.ChangeRow("CREATED", "admin", "", Instant.EPOCH),
                        arm,
                        arm);
        var status =
                new Status(
                        Instant.EPOCH,
                        9,
                        false,
                        standing.leads(),
                        List.of(),
                        List.of(gate),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                                new Status.VersionRow(
                                        "services/s/versions/v1",
                                        Instant.ofEpochSecond(1_780_000_000),
                                        List.of("gates/g"))));
        return Metrics.of(
                status,
                standing,
                Map.of(),
                Map.of(),
                List.of(new CheckpointState("folder", 8, 2, Optional.of("no space left"))));
    }
}
