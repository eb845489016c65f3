package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.KeyCells;
import dev.sluice.control.evidence.LatencyHistogram;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import dev.sluice.control.evidence.Outcomes;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A gate with one sidecar, and the ramp of it, over a real change path in virtual time and on one
 * thread. Owned by one test.
 */
final class OneRamp {
    static final NodeName SIDECAR = new NodeName("web-1");
    static final RampName RAMP = new RampName("r");
    static final GateName GATE = new GateName("orders");
    private static final int KEYS = 10_000;

    final ManualClock clock = new ManualClock();
    final MemoryEventStore store = new MemoryEventStore();
    final Map<NodeName, Long> accepted = new HashMap<>();
    private EvidenceTotals evidence = new EvidenceTotals();
    ChangePath path = open();
    RampRunner runner = runner();
    List<JudgedQuery> asked = List.of();
    Duration behind = Duration.ZERO;
    private int sequence;

    OneRamp() {
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        give(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
        give(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        give(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        register(Fixtures.node("web-1", "web"));
    }

    /** As a new process finds it: with the log and nothing else. */
    void restart() {
        evidence = new EvidenceTotals();
        path = open();
        runner = runner();
    }

    void record() {
        Catalog now = path.feed().latest();
        Recording recording =
                new LegacyRecorder(evidence, clock).record(now, Fixtures.gateTarget("orders"));
        give(new Command.RecordBaseline(Fixtures.baseline("before", "orders"), recording));
    }

    private ChangePath open() {
        return ChangePath.open(
                store, Governance.embedded(), new Published(), this::fleet, Runnable::run);
    }

    FleetReport fleet() {
        return new FleetReport(evidence.applied(), evidence.lastHeard(), accepted);
    }

    private RampRunner runner() {
        return new RampRunner(
                path,
                this::fleet,
                evidence,
                new KeyJudge(),
                (_, _) -> asked,
                () -> clock.instant().minus(behind));
    }

    void start(Advance advance, int... shares) {
        ShareTarget target = Fixtures.gateTarget("orders");
        give(new Command.CreateRamp(Fixtures.ramp("r", target, advance, shares)));
    }

    void second() {
        clock.advance(Duration.ofSeconds(1));
        runner.tick();
    }

    void heartbeat() {
        evidence.accept(
                new NodeReport(
                        SIDECAR,
                        "boot",
                        ++sequence,
                        List.of(),
                        List.of(),
                        decided(),
                        List.of(),
                        List.of(),
                        false),
                clock.instant());
    }

    /** All keys have come under the present revision, as the share divides them. */
    void report(int newErrors, int legacyErrors) {
        long newKeys = (long) KEYS * share() / 1_000_000;
        evidence.accept(
                new NodeReport(
                        SIDECAR,
                        "boot",
                        ++sequence,
                        List.of(
                                counts(Arm.NEW, newKeys, newErrors),
                                counts(Arm.LEGACY, KEYS - newKeys, legacyErrors)),
                        List.of(),
                        decided(),
                        List.of(),
                        List.of(),
                        false),
                clock.instant());
    }

    private GateCounts counts(Arm arm, long keys, int errors) {
        long[] cells = new long[KeyCells.CELLS];
        cells[0] = keys;
        Set<Long> first = new HashSet<>();
        for (long key = 0; key < errors; key++) {
            first.add((arm == Arm.NEW ? KEYS : 0) + key);
        }
        return new GateCounts(
                GATE,
                gate().revision(),
                arm,
                "read",
                new Outcomes(keys, keys - errors, 0, errors, 0, 0, 0, 0),
                Outcomes.NONE,
                0,
                LatencyHistogram.EMPTY,
                KeyCells.of(cells),
                first,
                Set.of(),
                0);
    }

    /** As the xDS side says it. */
    void tell(Command command) {
        CommandContext context = CommandContext.of(Principal.NODES, clock.instant());
        assertThat(path.submit(command, context).join()).isInstanceOf(Outcome.Accepted.class);
    }

    void register(NodeSpec node) {
        tell(new Command.RegisterNode(node));
    }

    void give(Command command) {
        give(command, Fixtures.admin());
    }

    void give(Command command, CommandContext context) {
        CommandContext now =
                new CommandContext(
                        context.caller(),
                        context.requestId(),
                        context.reason(),
                        context.validation(),
                        context.etag(),
                        clock.instant());
        assertThat(path.submit(command, now).join())
                .as(command.toString())
                .isInstanceOf(Outcome.Accepted.class);
    }

    Ramp ramp() {
        return path.feed().latest().ramp(RAMP).orElseThrow();
    }

    GateState gate() {
        return path.feed().latest().gate(GATE).orElseThrow();
    }

    int share() {
        return gate().content().share().value();
    }

    private AppliedGates decided() {
        return AppliedGates.NONE.next(
                Map.of(GATE, new AppliedGates.Applied(gate().revision(), clock.instant())));
    }
}
