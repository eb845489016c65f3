package dev.sluice.control.admin.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.Baseline;
import dev.sluice.admin.v1.BaselineServiceGrpc;
import dev.sluice.admin.v1.BaselineServiceGrpc.BaselineServiceBlockingStub;
import dev.sluice.admin.v1.CatalogServiceGrpc;
import dev.sluice.admin.v1.DeleteBaselineRequest;
import dev.sluice.admin.v1.GetBaselineRequest;
import dev.sluice.admin.v1.JudgePolicy;
import dev.sluice.admin.v1.ListBaselinesRequest;
import dev.sluice.admin.v1.PlanRampRequest;
import dev.sluice.admin.v1.PlanRampResponse;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.RecordBaselineRequest;
import dev.sluice.admin.v1.SearchCatalogRequest;
import dev.sluice.admin.v1.SearchCatalogResponse;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.KeyCells;
import dev.sluice.control.evidence.LatencyHistogram;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import dev.sluice.control.evidence.Outcomes;
import dev.sluice.control.path.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Baselines over the wire and by commands, of what a sidecar has reported. */
class BaselineApiIT {
    private static final String NAME = "baselines/before";
    private static final GateName GATE = new GateName("orders");

    @TempDir private Path folder;
    private AdminPlane plane;
    private BaselineServiceBlockingStub baselines;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        baselines = BaselineServiceGrpc.newBlockingStub(plane.admin());
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("orders", "orders", 0)))) {
            assertThat(plane.path().submit(command, Fixtures.admin()).join())
                    .isInstanceOf(Outcome.Accepted.class);
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    /** A thousand keys came, three of them with an error, all within 20 ms. */
    private void report() {
        long[] cells = new long[KeyCells.CELLS];
        cells[0] = 1_000;
        int bucket = LatencyHistogram.bucket(20_000);
        var counts =
                new GateCounts(
                        GATE,
                        plane.path().feed().latest().gate(GATE).orElseThrow().revision(),
                        Arm.LEGACY,
                        "read",
                        new Outcomes(5_000, 4_990, 5, 3, 1, 1, 0, 0),
                        Outcomes.NONE,
                        0,
                        LatencyHistogram.of(
                                new int[] {bucket}, new long[] {5_000}, 5_000L * 20_000),
                        KeyCells.of(cells),
                        Set.of(1L, 2L, 3L),
                        Set.of(),
                        0);
        plane.evidence.accept(
                new NodeReport(
                        new NodeName("web-1"),
                        "boot",
                        1,
                        List.of(counts),
                        List.of(),
                        AppliedGates.NONE,
                        List.of(),
                        List.of(),
                        false),
                Instant.now());
    }

    private Baseline record(Baseline.Builder wanted) {
        return baselines.recordBaseline(
                RecordBaselineRequest.newBuilder()
                        .setBaseline(wanted.setName(NAME))
                        .setReason("before the ramp")
                        .build());
    }

    private static Baseline.Builder ofOrders() {
        return Baseline.newBuilder().setTarget("gates/orders");
    }

    private Baseline get() {
        return baselines.getBaseline(GetBaselineRequest.newBuilder().setName(NAME).build());
    }

    @Test
    void a_baseline_has_the_counts_quantiles_window_and_who_recorded_it() {
        report();

        Baseline recorded = record(ofOrders().setOwner("shop"));

        assertThat(recorded).isEqualTo(get());
        assertThat(recorded.getRecorder()).isEqualTo("admin");
        assertThat(recorded.getReason()).isEqualTo("before the ramp");
        assertThat(recorded.getMaxAge().getSeconds()).isEqualTo(14 * 86_400);
        assertThat(recorded.getUnfitList()).isEmpty();
        Baseline.GateRecording gate = recorded.getGates(0);
        assertThat(gate.getGate()).isEqualTo("gates/orders");
        assertThat(gate.getRevision()).isEqualTo("1.1");
        assertThat(gate.getSince().getSeconds()).isPositive();
        assertThat(gate.getOwn().toBuilder().clearLatency().build())
                .isEqualTo(
                        Baseline.Counts.newBuilder()
                                .setKeys(1_000)
                                .setErrorKeys(3)
                                .setRequests(5_000)
                                .setClientErrors(5)
                                .setServerErrors(3)
                                .setResets(1)
                                .setTimeouts(1)
                                .build());
        assertThat(gate.getOwn().getLatencyList())
                .extracting(Baseline.Quantile::getPpm)
                .containsExactly(500_000, 900_000, 950_000, 990_000, 999_000);
        assertThat(gate.getOwn().getLatency(3).getMicros()).isBetween(20_000L, 21_250L);
        assertThat(gate.getCarried()).isEqualTo(Baseline.Counts.getDefaultInstance());
        assertThat(
                        baselines
                                .listBaselines(ListBaselinesRequest.getDefaultInstance())
                                .getBaselinesList())
                .containsExactly(recorded);
        assertThat(
                        CatalogServiceGrpc.newBlockingStub(plane.admin())
                                .searchCatalog(
                                        SearchCatalogRequest.newBuilder()
                                                .setQuery("reason:\"before the ramp\"")
                                                .build())
                                .getHitsList())
                .singleElement()
                .extracting(SearchCatalogResponse.Hit::getName)
                .isEqualTo(NAME);
    }

    @Test
    void recording_again_keeps_what_is_left_out_and_a_stale_etag_is_refused() {
        report();
        Baseline first = record(ofOrders().setOwner("shop").putLabels("a", "1"));

        Baseline again =
                record(Baseline.newBuilder().setMaxAge(Duration.newBuilder().setSeconds(7_200)));

        assertThat(again.getTarget()).isEqualTo("gates/orders");
        assertThat(again.getOwner()).isEqualTo("shop");
        assertThat(again.getLabelsMap()).containsExactly(Map.entry("a", "1"));
        assertThat(again.getMaxAge().getSeconds()).isEqualTo(7_200);
        assertThatThrownBy(() -> record(Baseline.newBuilder().setEtag(first.getEtag())))
                .hasMessageContaining("etag");
        baselines.deleteBaseline(DeleteBaselineRequest.newBuilder().setName(NAME).build());
        assertThatThrownBy(this::get).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void nothing_counted_and_no_target_are_refused() {
        assertThatThrownBy(() -> record(ofOrders()))
                .hasMessageContaining("0 keys on LEGACY of gates/orders");
        assertThatThrownBy(() -> record(Baseline.newBuilder())).hasMessageContaining("target");
    }

    @Test
    void the_plan_of_a_ramp_shows_what_100_percent_is_judged_against_or_why_by_nothing() {
        PlanRampResponse before = plan();
        assertThat(before.hasBaseline()).isFalse();
        assertThat(before.getUnfitList())
                .singleElement()
                .asString()
                .contains("baselines/before is not recorded");

        report();
        Baseline recorded = record(ofOrders());
        assertThat(plan().getBaseline()).isEqualTo(recorded);
        assertThat(plan().getUnfitList()).isEmpty();
    }

    private PlanRampResponse plan() {
        return RampServiceGrpc.newBlockingStub(plane.admin())
                .planRamp(PlanRampRequest.newBuilder().setRamp(ramp()).build());
    }

    private static Ramp ramp() {
        return Ramp.newBuilder()
                .setTarget("gates/orders")
                .addSteps(RampStep.newBuilder().setSharePpm(1_000_000))
                .setJudge(JudgePolicy.newBuilder().setBaseline(NAME))
                .build();
    }

    @Test
    void commands_record_show_plan_by_and_delete_it() throws IOException {
        report();
        Path file = folder.resolve("ramp.yaml");
        Files.writeString(
                file,
                """
                name: ramps/r
                target: gates/orders
                steps: [{share_ppm: 990000}, {share_ppm: 1000000}]
                judge: {baseline: baselines/before}
                """);
        try (CommandRun cli = new CommandRun().overTheNetwork()) {
            var unknown = run(cli, "ramp", "plan", "-f", file.toString());
            var recorded =
                    run(
                            cli,
                            "baseline",
                            "record",
                            "before",
                            "--gate",
                            "orders",
                            "--max-age",
                            "P7D",
                            "--reason",
                            "before the ramp");
            var again = run(cli, "baseline", "record", "before");
            var planned = run(cli, "ramp", "plan", "-f", file.toString());
            var shown = run(cli, "baseline", "get", "before", "-o", "yaml");
            var deleted = run(cli, "baseline", "delete", "before");
            var gone = run(cli, "baseline", "get", "before");

            assertThat(unknown.out()).contains("baselines/before is not recorded");
            assertThat(recorded.err()).isEmpty();
            assertThat(recorded.out())
                    .contains("gates/orders", "by admin", "1000", "5000", "0.100%", "yes");
            assertThat(again.exitCode()).isZero();
            assertThat(planned.out())
                    .contains("100% is judged against baselines/before, recorded ");
            assertThat(shown.out()).contains("max_age: 604800s").contains("error_keys: '3'");
            assertThat(deleted.out()).contains("deleted baselines/before");
            assertThat(gone.exitCode()).isEqualTo(3);
        }
    }

    private CommandRun.Result run(CommandRun cli, String... words) {
        String[] all = new String[words.length + 4];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--server";
        all[words.length + 1] = "127.0.0.1:" + plane.port();
        all[words.length + 2] = "--token";
        all[words.length + 3] = plane.token();
        return cli.run(all);
    }
}
