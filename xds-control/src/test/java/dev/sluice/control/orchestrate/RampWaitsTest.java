package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.WindowName;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.WindowSpec;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a ramp waits for before it takes its next step. */
class RampWaitsTest {
    private final OneRamp orders = new OneRamp();

    @Test
    void stays_at_its_step_in_hours_of_much_traffic_and_goes_on_after_them() {
        staysWhileOpen(WindowSpec.Kind.PEAK);
    }

    @Test
    void stays_at_its_step_in_a_freeze_and_goes_on_after_it() {
        staysWhileOpen(WindowSpec.Kind.FREEZE);
    }

    private void staysWhileOpen(WindowSpec.Kind kind) {
        LocalDateTime opens =
                LocalDateTime.ofInstant(orders.clock.instant(), ZoneOffset.UTC).plusMinutes(1);
        orders.give(
                new Command.CreateWindow(
                        new WindowSpec(
                                new WindowName("evening"),
                                Description.NONE,
                                kind,
                                opens,
                                "UTC",
                                Duration.ofHours(1),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of())));
        orders.start(Advance.TIMED, 50_000, 500_000);
        orders.report(0, 0);
        orders.second();
        orders.clock.advance(Duration.ofMinutes(2));
        int before = orders.store.log().size();
        for (int second = 0; second < 50; second++) {
            orders.report(0, 0);
            orders.second();
        }

        assertThat(orders.share()).isEqualTo(50_000);
        assertThat(orders.ramp().state()).isEqualTo(RampState.RUNNING);
        assertThat(orders.runner.waitsFor(orders.ramp()))
                .hasValueSatisfying(why -> assertThat(why).contains("windows/evening"));
        assertThat(orders.store.log().size())
                .as("nothing is written while it waits")
                .isLessThan(before + 3);

        orders.clock.advance(Duration.ofHours(1));
        orders.report(0, 0);
        orders.second();
        orders.second();
        assertThat(orders.share()).isEqualTo(500_000);
    }

    @Test
    void a_step_that_waits_for_another_gate_writes_nothing_and_says_for_what() {
        orders.give(new Command.CreateGate(Fixtures.gate("customers", "orders", 0)));
        GateSetSpec plain = Fixtures.set("shop", "orders");
        var after =
                new GateSetSpec.Prerequisite(
                        Fixtures.gateTarget("customers"),
                        new PartsPerMillion(100_000),
                        new PartsPerMillion(200_000));
        orders.give(
                new Command.CreateGateSet(
                        new GateSetSpec(
                                plain.name(), plain.description(), plain.gates(), List.of(after))));
        ShareTarget target = Fixtures.setTarget("shop");
        orders.give(
                new Command.CreateRamp(
                        Fixtures.ramp("r", target, Advance.JUDGED, 50_000, 500_000)));
        for (int second = 0; second < 40; second++) {
            orders.report(0, 0);
            orders.second();
        }
        Ramp soaked = orders.ramp();
        int before = orders.store.log().size();

        for (int second = 0; second < 400; second++) {
            orders.report(0, 0);
            orders.second();
        }

        assertThat(orders.ramp()).as("as it was, so that its etag holds").isEqualTo(soaked);
        assertThat(orders.store.log()).hasSize(before);
        assertThat(orders.runner.waitsFor(soaked))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .startsWith("the next step waits: target")
                                .contains("gates/customers is at [0 % of OFF to COMPLETE]")
                                .endsWith("bring gates/customers to 20 % first"));

        GateName customers = new GateName("customers");
        String etag = orders.path.feed().latest().gate(customers).orElseThrow().meta().etag();
        orders.give(
                new Command.SetShare(
                        new ShareTarget.OfGate(customers), new PartsPerMillion(200_000)),
                Fixtures.admin().withEtag(etag));
        orders.give(new Command.PauseRamp(OneRamp.RAMP));
        assertThat(orders.runner.waitsFor(orders.ramp())).as("of the ramp as it was").isEmpty();
        orders.give(new Command.ResumeRamp(OneRamp.RAMP));
        orders.second();
        assertThat(orders.share()).isEqualTo(500_000);
        assertThat(orders.ramp().history()).hasSize(1);
        assertThat(orders.runner.waitsFor(orders.ramp())).isEmpty();
    }

    @Test
    void a_clock_that_jumps_back_ends_no_step_early_and_one_that_is_right_again_ends_it() {
        orders.start(Advance.TIMED, 50_000, 500_000);
        orders.report(0, 0);
        orders.second();
        orders.behind = Duration.ofHours(1);
        for (int second = 0; second < 60; second++) {
            orders.report(0, 0);
            orders.second();
        }

        assertThat(orders.share()).isEqualTo(50_000);
        assertThat(orders.ramp().state()).isEqualTo(RampState.RUNNING);

        orders.behind = Duration.ZERO;
        orders.report(0, 0);
        orders.second();
        orders.second();
        assertThat(orders.share()).isEqualTo(500_000);
    }

    @Test
    void waits_until_every_live_node_reports_the_step_applied() {
        orders.register(Fixtures.node("web-2", "web"));
        orders.start(Advance.TIMED, 50_000, 500_000);

        for (int second = 0; second < 100; second++) {
            orders.report(0, 0);
            orders.second();
        }
        assertThat(orders.ramp().stepAppliedTime()).as("web-2 is silent").isEmpty();
        assertThat(orders.share()).isEqualTo(50_000);

        orders.tell(new Command.NodeLeft(new NodeName("web-2")));
        orders.second();
        assertThat(orders.ramp().stepAppliedTime()).isPresent();
    }

    @Test
    void silent_sidecars_hold_a_judged_step() {
        orders.start(Advance.JUDGED, 50_000, 500_000);
        orders.report(0, 0);
        orders.second();
        for (int second = 0; second < 60; second++) {
            orders.second(); // no report any more
        }
        assertThat(orders.share()).isEqualTo(50_000);
        assertThat(orders.ramp().verdict().orElseThrow().outcome())
                .isEqualTo(Verdict.Outcome.INVALID);
    }

    @Test
    void stock_proxies_lag_until_they_accepted_what_a_gate_was_rendered_into() {
        NodeSpec sluice = Fixtures.node("envoy-1", "web");
        NodeName envoy = sluice.name();
        orders.register(
                new NodeSpec(
                        envoy,
                        "web",
                        Optional.empty(),
                        Optional.empty(),
                        NodeSpec.Kind.ENVOY,
                        "envoy",
                        0,
                        ""));
        orders.register(Fixtures.node("other-1", "orders")); // calls nothing, holds no gate
        orders.report(0, 0);
        List<GateState> gates = List.of(orders.gate());
        long present = orders.gate().presentEntry().seq();

        orders.accepted.put(envoy, present - 1);
        assertThat(orders.fleet().lagging(orders.path.feed().latest(), gates))
                .containsExactly(envoy);
        orders.accepted.put(envoy, present);
        assertThat(orders.fleet().lagging(orders.path.feed().latest(), gates)).isEmpty();
        assertThat(
                        orders.fleet()
                                .silent(orders.path.feed().latest(), gates, orders.clock.instant()))
                .isEmpty();
        orders.clock.advance(Duration.ofSeconds(11));
        assertThat(
                        orders.fleet()
                                .silent(orders.path.feed().latest(), gates, orders.clock.instant()))
                .containsExactly(OneRamp.SIDECAR);
    }

    @Test
    void no_share_goes_to_a_hundred_percent_by_a_baseline_that_became_too_old() {
        orders.report(0, 0);
        orders.record();
        ShareTarget target = Fixtures.gateTarget("orders");
        orders.give(
                new Command.CreateRamp(
                        Fixtures.against(
                                Fixtures.ramp("r", target, Advance.TIMED, 990_000, 1_000_000),
                                "before")));
        orders.report(0, 0);
        orders.second();
        orders.clock.advance(Duration.ofDays(15));
        for (int second = 0; second < 40; second++) {
            orders.report(0, 0);
            orders.second();
        }
        assertThat(orders.share()).isEqualTo(990_000);
        assertThat(orders.runner.waitsFor(orders.ramp()))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("sluice baseline record before"));

        orders.record();
        orders.second();
        orders.second();
        assertThat(orders.share())
                .as("LEGACY still answers, and was recorded again")
                .isEqualTo(1_000_000);
    }
}
