package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.WriteRules;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes between two stores over a real change path, in virtual time and on one thread. */
class WriteRunnerTest {
    private static final ShareTarget ORDERS = Fixtures.gateTarget("orders");
    private static final GateName GATE = new GateName("orders");
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);
    private static final RampName RAMP = new RampName("r");

    private final ManualClock clock = new ManualClock();
    private final MemoryEventStore store = new MemoryEventStore();
    private final Map<NodeName, Map<GateName, GateRevision>> applied = new HashMap<>();
    private ChangePath path = open();
    private WriteRunner writes = new WriteRunner(path, this::fleet, clock);
    private RampRunner ramps = ramps();

    private ChangePath open() {
        return ChangePath.open(
                store, Governance.embedded(), new Published(), this::fleet, Runnable::run);
    }

    private RampRunner ramps() {
        return new RampRunner(
                path,
                this::fleet,
                new EvidenceTotals(),
                new KeyJudge(),
                (_, _) -> List.of(),
                clock);
    }

    private FleetReport fleet() {
        return new FleetReport(applied, Map.of(), Map.of());
    }

    /** As a new process, or the next leader, finds it: with the log and nothing else. */
    private void restart() {
        path = open();
        writes = new WriteRunner(path, this::fleet, clock);
        ramps = ramps();
    }

    @BeforeEach
    void one_gate_and_two_sidecars() {
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        give(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "orders",
                                        "orders",
                                        0,
                                        "seed",
                                        Mode.SHADOW,
                                        Mode.LIVE,
                                        TakeBack.FROM),
                                Description.NONE)));
        give(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        give(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        register("web-1");
        register("web-2");
        apply("web-1", "web-2");
    }

    @Test
    void a_raise_comes_when_every_live_node_holds_the_writes() {
        share(250_000);
        tick();
        apply("web-1");
        tick();
        assertThat(gate().share()).isEqualTo(PartsPerMillion.NONE);
        assertThat(gate().writeHold()).isPresent();

        apply("web-2");
        tick();

        assertThat(gate().share().value()).isEqualTo(250_000);
        assertThat(authority()).isEqualTo(250_000);
        assertThat(gate().writeHold()).isEmpty();
        assertThat(state().presentEntry().actor()).isEqualTo(Principal.ORCHESTRATOR);
        assertThat(state().presentEntry().reason()).isEqualTo("every live node holds the writes");
    }

    @Test
    void each_step_is_given_once_and_nothing_is_written_while_it_waits() {
        share(250_000);
        int held = store.log().size();
        tick();
        tick();
        assertThat(store.log()).hasSize(held);
        apply("web-1", "web-2");

        tick();
        tick();

        assertThat(store.log()).hasSize(held + 1);
    }

    @Test
    void a_new_leader_goes_on_with_what_is_on_its_way() {
        share(500_000);
        apply("web-1", "web-2");
        restart();
        tick();
        assertThat(authority()).isEqualTo(500_000);
        apply("web-1", "web-2");
        give(new Command.Kill(ORDERS));
        restart();
        apply("web-1", "web-2");
        tick();
        restart();
        apply("web-1", "web-2");

        tick();

        assertThat(authority()).isZero();
        assertThat(gate().isKilled()).isTrue();
    }

    @Test
    void a_node_that_does_not_hold_in_time_ends_a_raise() {
        share(250_000);
        apply("web-1");
        pass(LONGEST_HOLD.minusMillis(1));
        assertThat(gate().writeHold()).isPresent();

        pass(Duration.ofMillis(1));

        assertThat(gate().writeHold()).isEmpty();
        assertThat(gate().share()).isEqualTo(PartsPerMillion.NONE);
        assertThat(state().presentEntry().reason())
                .isEqualTo("within 3 s the hold was not applied by nodes/web-2");
    }

    @Test
    void a_raise_that_was_begun_does_not_come_in_a_freeze_that_opens_meanwhile() {
        freezeIn(Duration.ofSeconds(1));
        share(250_000);
        pass(Duration.ofMillis(999));
        assertThat(gate().writeHold()).as("before it").isPresent();
        apply("web-1", "web-2");

        pass(Duration.ofMillis(1));

        assertThat(gate().share()).isEqualTo(PartsPerMillion.NONE);
        assertThat(authority()).isZero();
        assertThat(gate().writeHold()).isEmpty();
        assertThat(state().presentEntry().reason())
                .isEqualTo(
                        "no share is raised in [windows/fair], which opened before every live node"
                                + " held the writes");
    }

    @Test
    void a_ramp_whose_step_a_freeze_ended_is_paused_with_its_name_and_goes_on_after_it() {
        freezeIn(Duration.ofSeconds(1));
        give(new Command.CreateRamp(Fixtures.ramp("r", ORDERS, Advance.TIMED, 100_000, 500_000)));
        apply("web-1", "web-2");
        pass(Duration.ofSeconds(1));

        assertThat(ramp().state()).isEqualTo(RampState.PAUSED);
        assertThat(ramp().message()).contains("windows/fair");
        assertThat(gate().share()).isEqualTo(PartsPerMillion.NONE);

        apply("web-1", "web-2");
        pass(Duration.ofHours(1));
        give(new Command.ResumeRamp(RAMP));
        apply("web-1", "web-2");
        tick();
        assertThat(gate().share().value()).isEqualTo(100_000);
    }

    @Test
    void what_is_taken_back_comes_in_a_freeze_as_ever() {
        share(250_000);
        apply("web-1", "web-2");
        tick();
        apply("web-1", "web-2");
        freezeIn(Duration.ofSeconds(1));
        give(new Command.Rollback(ORDERS));
        apply("web-1", "web-2");

        pass(Duration.ofSeconds(1));

        assertThat(authority()).isZero();
    }

    @Test
    void a_freeze_that_is_made_over_a_raise_ends_it_whenever_it_says_to_have_begun() {
        share(250_000);
        apply("web-1", "web-2");
        clock.advance(Duration.ofMillis(1));
        freezeIn(Duration.ofMinutes(-1));

        tick();

        assertThat(gate().share()).isEqualTo(PartsPerMillion.NONE);
        assertThat(gate().writeHold()).isEmpty();
    }

    @Test
    void writes_that_were_taken_back_are_held_again_until_they_have_come() {
        share(250_000);
        apply("web-1", "web-2");
        tick();
        apply("web-1", "web-2");
        give(new Command.Rollback(ORDERS));
        apply("web-1");
        pass(LONGEST_HOLD);
        assertThat(gate().writeHold()).as("web-2 does not follow").isEmpty();
        assertThat(authority()).isEqualTo(250_000);

        apply("web-1", "web-2");
        pass(WriteRules.REST);
        assertThat(gate().writeHold()).isPresent();
        apply("web-1", "web-2");
        tick();

        assertThat(authority()).isZero();
    }

    @Test
    void the_soak_of_a_step_counts_from_when_its_writes_have_come() {
        give(new Command.CreateRamp(Fixtures.ramp("r", ORDERS, Advance.TIMED, 100_000, 500_000)));
        apply("web-1", "web-2");
        ramps.tick();
        assertThat(ramp().stepAppliedTime()).as("its writes are held").isEmpty();

        tick();
        apply("web-1", "web-2");
        Instant came = clock.instant();
        ramps.tick();
        assertThat(ramp().stepAppliedTime()).contains(came);
        pass(Duration.ofSeconds(29));
        ramps.tick();
        assertThat(ramp().step()).isZero();
        pass(Duration.ofSeconds(1));
        ramps.tick();
        ramps.tick();

        assertThat(ramp().step()).isEqualTo(1);
        assertThat(gate().share().value()).isEqualTo(100_000);
        assertThat(gate().writeHold().orElseThrow().toBucket()).isEqualTo(500_000);
    }

    @Test
    void a_step_whose_writes_can_not_be_held_pauses_its_ramp_and_begins_anew_when_resumed() {
        give(new Command.CreateRamp(Fixtures.ramp("r", ORDERS, Advance.TIMED, 100_000, 500_000)));
        apply("web-1");
        pass(LONGEST_HOLD);
        ramps.tick();

        assertThat(ramp().state()).isEqualTo(RampState.PAUSED);
        assertThat(ramp().message()).contains("nodes/web-2");
        apply("web-1", "web-2");
        ramps.tick();
        assertThat(ramp().stepAppliedTime()).as("nothing has come").isEmpty();

        give(new Command.ResumeRamp(RAMP));
        apply("web-1", "web-2");
        tick();
        apply("web-1", "web-2");
        ramps.tick();

        assertThat(gate().share().value()).isEqualTo(100_000);
        assertThat(ramp().stepAppliedTime()).isPresent();
    }

    private void register(String node) {
        NodeSpec spec =
                new NodeSpec(
                        new NodeName(node),
                        "web",
                        Optional.of(Fixtures.serviceName("web")),
                        Optional.empty(),
                        NodeSpec.Kind.SLUICE,
                        "sluice",
                        Gate.CONTRACT_VERSION,
                        "");
        var context = CommandContext.of(Principal.NODES, clock.instant());
        assertThat(path.submit(new Command.RegisterNode(spec), context).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    private void give(Command command) {
        var context =
                CommandContext.of(Fixtures.ADMIN, clock.instant())
                        .withReason("because")
                        .withEtag(
                                path.feed()
                                        .latest()
                                        .find(Lifecycle.subject(command))
                                        .map(resource -> resource.meta().etag())
                                        .orElse(""));
        assertThat(path.submit(command, context).join()).isInstanceOf(Outcome.Accepted.class);
    }

    /** For an hour. */
    private void freezeIn(Duration time) {
        give(
                new Command.CreateWindow(
                        new WindowSpec(
                                new WindowName("fair"),
                                Description.NONE,
                                WindowSpec.Kind.FREEZE,
                                LocalDateTime.ofInstant(clock.instant().plus(time), ZoneOffset.UTC),
                                "UTC",
                                Duration.ofHours(1),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of())));
    }

    private void share(int share) {
        give(new Command.SetShare(ORDERS, new PartsPerMillion(share)));
    }

    private void apply(String... nodes) {
        for (String node : nodes) {
            applied.put(new NodeName(node), Map.of(GATE, state().revision()));
        }
    }

    private void tick() {
        writes.tick();
    }

    private void pass(Duration time) {
        clock.advance(time);
        tick();
    }

    private GateState state() {
        return path.feed().latest().gate(GATE).orElseThrow();
    }

    private Gate gate() {
        return state().content();
    }

    private int authority() {
        return gate().writeAuthority() instanceof Gate.WriteAuthority.NewBelow(var below)
                ? below.value()
                : -1;
    }

    private Ramp ramp() {
        return path.feed().latest().ramp(RAMP).orElseThrow();
    }
}
