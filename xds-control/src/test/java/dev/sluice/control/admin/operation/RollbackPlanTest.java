package dev.sluice.control.admin.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollbackPlanTest {
    private final Problems problems = Problems.root();
    private final ChangePath path =
            ChangePath.open(
                    new MemoryEventStore(),
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);

    @BeforeEach
    void a_gate_at_30_percent_and_a_set_of_another() {
        accept(new Command.CreateService(Fixtures.service("orders")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        accept(new Command.CreateGate(Fixtures.gate("orders", "orders", 300_000)));
        accept(new Command.CreateGate(Fixtures.gate("member", "orders", 0)));
        accept(new Command.CreateGateSet(Fixtures.set("set", "member")));
    }

    private void accept(Command command) {
        assertThat(path.submit(command, Fixtures.admin()).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    private Optional<OperationSpec.RollBack> read(RollBackRequest.Builder request) {
        return RollbackPlan.read(request.build(), path.feed().latest(), problems);
    }

    private static RollBackRequest.Builder of(String target, Integer... shares) {
        return RollBackRequest.newBuilder().setTarget(target).addAllSharesPpm(List.of(shares));
    }

    private List<Integer> shares(RollBackRequest.Builder request) {
        return read(request).orElseThrow().shares().stream().map(PartsPerMillion::value).toList();
    }

    private List<String> paths() {
        return problems.all().stream().map(Problem::path).toList();
    }

    @Test
    void usual_shares_below_the_present_one_are_taken_and_then_nothing() {
        assertThat(shares(of("gates/orders"))).containsExactly(250_000, 50_000, 10_000, 0);
        assertThat(read(of("gates/orders")).orElseThrow().dwell()).hasSeconds(60);
        assertThat(shares(of("gates/orders", 299_999, 1))).containsExactly(299_999, 1, 0);
        assertThat(shares(of("gates/orders", 100_000, 0))).containsExactly(100_000, 0);
    }

    @Test
    void a_gate_of_a_set_stands_for_the_set() {
        assertThat(read(of("gates/member")).orElseThrow().target())
                .isEqualTo(Fixtures.setTarget("set"));
        assertThat(read(of("gateSets/set")).orElseThrow().target())
                .isEqualTo(Fixtures.setTarget("set"));
        assertThat(shares(of("gateSets/set"))).containsExactly(0);
    }

    @Test
    void every_problem_is_told() {
        Integer[] many = IntStream.rangeClosed(1, 21).boxed().toArray(Integer[]::new);

        assertThat(read(of("gates/orders", 300_000).setDwell(Duration.newBuilder().setSeconds(0))))
                .isEmpty();
        assertThat(paths()).containsExactly("dwell", "shares_ppm[0]");
        assertThat(read(of("gates/orders", 100_000, 200_000, -5))).isEmpty();
        assertThat(paths()).endsWith("shares_ppm[1]", "shares_ppm[2]");
        assertThat(read(of("gates/orders", many))).isEmpty();
        assertThat(paths()).contains("shares_ppm");
        assertThat(read(of("orders").setDwell(Duration.newBuilder().setSeconds(86_401)))).isEmpty();
        assertThat(paths()).endsWith("target", "dwell");
        assertThat(read(of("gates/NO"))).isEmpty();
    }
}
