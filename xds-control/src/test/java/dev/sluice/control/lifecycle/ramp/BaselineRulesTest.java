package dev.sluice.control.lifecycle.ramp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.catalog.Baseline;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.BaselineSpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BaselineRulesTest {
    private static final BaselineName NAME = new BaselineName("before");

    private final World world = World.shop(0);

    @Test
    void what_legacy_did_is_kept_with_who_recorded_it_and_recorded_again_under_the_same_name() {
        world.accept(record(Fixtures.START));
        Baseline first = baseline();
        Instant later = Fixtures.START.plusSeconds(60);
        world.accept(record(later));

        assertThat(first.recording().time()).isEqualTo(Fixtures.START);
        assertThat(first.recorder()).isEqualTo(Fixtures.ADMIN);
        assertThat(first.end()).isEqualTo(Fixtures.START.plus(Duration.ofDays(14)));
        assertThat(baseline().recording().time()).isEqualTo(later);
        assertThat(baseline().meta().createTime()).isEqualTo(first.meta().createTime());
        assertThat(baseline().meta().etag()).isNotEqualTo(first.meta().etag());
    }

    @Test
    void every_reason_against_a_baseline_is_told_at_once() {
        BaselineSpec wrong =
                new BaselineSpec(
                        NAME,
                        Description.NONE,
                        Fixtures.gateTarget("nothing"),
                        Duration.ofMinutes(59));

        assertThat(paths(world.refuse(new Command.RecordBaseline(wrong, recording()))))
                .containsExactlyInAnyOrder("max_age", "target");
    }

    @Test
    void a_baseline_stays_one_of_its_target() {
        world.accept(record(Fixtures.START));

        assertThat(
                        paths(
                                world.refuse(
                                        new Command.RecordBaseline(
                                                Fixtures.baseline("before", "customers"),
                                                Fixtures.recording(
                                                        "customers",
                                                        world.gate("customers").revision(),
                                                        Fixtures.START)))))
                .containsExactly("target");
    }

    @Test
    void a_gate_of_a_set_is_recorded_with_its_set() {
        world.accept(new Command.CreateGateSet(Fixtures.set("shop", "orders", "customers")));

        assertThat(paths(world.refuse(record(Fixtures.START)))).containsExactly("name");
    }

    @Test
    void counts_of_an_older_revision_are_none() {
        Recording old = recording();
        world.accept(
                new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(10_000)));

        assertThat(texts(world.refuse(new Command.RecordBaseline(spec(), old))))
                .singleElement()
                .asString()
                .contains("no count of revision 1.2");
    }

    @Test
    void too_few_keys_faults_overflow_and_silence_are_refused_each_with_its_remedy() {
        world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        world.accept(new Command.RegisterNode(Fixtures.node("web-1", "web")));
        world.told(
                new FleetReport(Map.of(), Map.of(new NodeName("web-1"), Instant.EPOCH), Map.of()));

        List<String> texts =
                texts(world.refuse(new Command.RecordBaseline(spec(), of(arm(99, 7, 3)))));

        assertThat(texts).hasSize(4);
        assertThat(texts.get(0)).contains("99 keys on LEGACY of gates/orders").contains("100");
        assertThat(texts.get(1)).contains("faults were injected");
        assertThat(texts.get(2)).contains("no room for all keys");
        assertThat(texts.get(3)).contains("nodes/web-1");
        world.told(FleetReport.SILENT);
    }

    @Test
    void a_legacy_version_that_changed_under_the_revision_is_two_states() {
        CommandContext later = at(Fixtures.START.plusSeconds(5));
        world.accept(changedLegacy(), later);

        assertThat(texts(world.refuse(record(Fixtures.START.plusSeconds(9)), later)))
                .singleElement()
                .asString()
                .contains("services/orders/versions/v1 changed under revision");
    }

    @Test
    void a_plan_up_to_100_percent_is_begun_only_by_a_baseline_that_fits() {
        Command ramp = new Command.CreateRamp(toWhole());
        assertThat(texts(world.refuse(ramp)))
                .singleElement()
                .asString()
                .contains("baselines/before is not recorded")
                .contains("sluice baseline record before");

        world.accept(record(Fixtures.START));
        assertThat(texts(world.refuse(ramp, at(Fixtures.START.plus(Duration.ofDays(15))))))
                .singleElement()
                .asString()
                .contains("PT336H");
        world.accept(ramp, at(Fixtures.START.plus(Duration.ofDays(14))));
    }

    @Test
    void a_plan_below_100_percent_may_name_one_that_is_not_there_yet() {
        world.accept(
                new Command.CreateRamp(
                        Fixtures.against(
                                Fixtures.ramp("r", Fixtures.gateTarget("orders"), 500_000),
                                "before")));
    }

    @Test
    void a_baseline_of_another_target_or_another_state_of_its_gate_fits_no_more() {
        world.accept(record(Fixtures.START));
        RampSpec other =
                Fixtures.against(
                        Fixtures.ramp("o", Fixtures.gateTarget("customers"), 1_000_000), "before");
        assertThat(texts(world.refuse(new Command.CreateRamp(other))))
                .singleElement()
                .asString()
                .contains("is of gates/orders");

        world.accept(
                new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(10_000)));
        GateSpec now = world.gate("orders").spec();
        Rule rule = new Rule("rest", RequestMatch.EVERY, new Rule.Outcome.Fixed(Arm.LEGACY));
        world.accept(
                new Command.UpdateGate(
                        new GateSpec(now.content().withRules(List.of(rule)), now.description()),
                        Command.BackMoves.ALLOWED));
        assertThat(texts(world.refuse(new Command.CreateRamp(toWhole()))))
                .singleElement()
                .asString()
                .contains("before the rules of gates/orders changed");

        world.accept(new Command.RecordBaseline(spec(), recording()));
        world.accept(new Command.CreateRamp(toWhole()));
    }

    @Test
    void a_gate_made_anew_or_another_legacy_version_needs_another_recording() {
        world.accept(record(Fixtures.START));
        CommandContext later = at(Fixtures.START.plusSeconds(5));
        world.accept(changedLegacy(), later);
        assertThat(texts(world.refuse(new Command.CreateRamp(toWhole()), later)))
                .singleElement()
                .asString()
                .contains("before services/orders/versions/v1 changed");

        world.accept(new Command.DeleteGate(new GateName("orders")));
        world.accept(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
        assertThat(texts(world.refuse(new Command.CreateRamp(toWhole()), later)))
                .singleElement()
                .asString()
                .contains("gates/orders was made anew");
    }

    @Test
    void another_legacy_arm_or_another_key_needs_another_recording() {
        world.accept(record(Fixtures.START));
        Gate now = world.gate("orders").content();
        change(Fixtures.withArms(now, now.newCluster(), now.legacyCluster(), now.bucketing()));
        assertThat(texts(world.refuse(new Command.CreateRamp(toWhole()))))
                .singleElement()
                .asString()
                .contains("before LEGACY of gates/orders became services/orders/versions/v2");

        world.accept(new Command.RecordBaseline(spec(), recording()));
        Bucketing other =
                new Bucketing(
                        now.bucketing().salt(),
                        new KeySource.Cookie("user"),
                        now.bucketing().missingKey());
        change(Fixtures.withArms(now, now.newCluster(), now.legacyCluster(), other));
        assertThat(texts(world.refuse(new Command.CreateRamp(toWhole()))))
                .singleElement()
                .asString()
                .contains("before the key of gates/orders changed");
    }

    @Test
    void a_gate_that_joined_its_set_later_is_in_no_baseline_of_the_set() {
        world.accept(new Command.CreateGateSet(Fixtures.set("shop", "orders")));
        BaselineSpec ofSet =
                new BaselineSpec(
                        NAME, Description.NONE, Fixtures.setTarget("shop"), Duration.ofDays(1));
        world.accept(new Command.RecordBaseline(ofSet, recording()));
        world.accept(new Command.UpdateGateSet(Fixtures.set("shop", "orders", "customers")));

        assertThat(
                        texts(
                                world.refuse(
                                        new Command.CreateRamp(
                                                Fixtures.against(
                                                        Fixtures.ramp(
                                                                "r",
                                                                Fixtures.setTarget("shop"),
                                                                1_000_000),
                                                        "before")))))
                .anyMatch(text -> text.contains("gates/customers joined its target"));
    }

    @Test
    void there_are_at_most_a_thousand() {
        for (int number = 0; number < 1_000; number++) {
            world.accept(
                    new Command.RecordBaseline(
                            Fixtures.baseline("b-" + number, "orders"), recording()));
        }

        assertThat(paths(world.refuse(record(Fixtures.START)))).containsExactly("name");
    }

    private void change(Gate gate) {
        world.accept(
                new Command.UpdateGate(
                        new GateSpec(gate, Description.NONE), Command.BackMoves.ALLOWED));
    }

    @Test
    void one_that_a_ramp_or_a_migration_names_stays() {
        world.accept(record(Fixtures.START));
        world.accept(new Command.CreateRamp(toWhole()));
        world.accept(
                new Command.CreateMigration(
                        Fixtures.against(
                                Fixtures.migration(
                                        "m", "customers", StoreKind.SHARED, List.of("db/x")),
                                "before")));

        assertThat(texts(world.refuse(new Command.DeleteBaseline(NAME))))
                .extracting(text -> text.contains("ramps/r") ? "ramp" : text)
                .hasSize(2)
                .contains("ramp")
                .anyMatch(text -> text.contains("migrations/m"));
    }

    @Test
    void one_that_nothing_names_is_deleted_and_a_missing_one_is_not_found() {
        world.accept(record(Fixtures.START));
        world.accept(new Command.DeleteBaseline(NAME));

        assertThat(world.catalog().baseline(NAME)).isEmpty();
        assertThat(world.refuse(new Command.DeleteBaseline(NAME)))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.NOT_FOUND);
    }

    private static Command changedLegacy() {
        VersionSpec plain = Fixtures.version("orders", "v1");
        return new Command.UpdateVersion(
                new VersionSpec(
                        plain.name(),
                        plain.labels(),
                        plain.endpoints(),
                        VersionSpec.Protocol.HTTP2,
                        plain.tls(),
                        plain.healthCheck(),
                        plain.acceptedSchema(),
                        plain.connectTimeout(),
                        plain.inbound()));
    }

    private Baseline baseline() {
        return world.catalog().baseline(NAME).orElseThrow();
    }

    private Command record(Instant time) {
        return new Command.RecordBaseline(
                spec(), Fixtures.recording("orders", world.gate("orders").revision(), time));
    }

    private static BaselineSpec spec() {
        return Fixtures.baseline("before", "orders");
    }

    private Recording recording() {
        return Fixtures.recording("orders", world.gate("orders").revision(), Fixtures.START);
    }

    private Recording of(JudgedArm arm) {
        GateRevision revision = world.gate("orders").revision();
        Recording.Counts none = new Recording.Counts(JudgedArm.NONE, List.of());
        return new Recording(
                Fixtures.START,
                List.of(
                        new Recording.OfGate(
                                new GateName("orders"),
                                revision,
                                Fixtures.START,
                                new Recording.Counts(arm, List.of()),
                                none)));
    }

    private static JudgedArm arm(long keys, long underFault, long overflow) {
        return new JudgedArm(
                keys, keys, 0, 0, keys, 0, 0, 0, 0, 0, underFault, 0, 0, overflow, 1, 1);
    }

    private static RampSpec toWhole() {
        return Fixtures.against(
                Fixtures.ramp("r", Fixtures.gateTarget("orders"), 990_000, 1_000_000), "before");
    }

    private static CommandContext at(Instant time) {
        CommandContext admin = Fixtures.admin();
        return new CommandContext(
                admin.caller(),
                admin.requestId(),
                admin.reason(),
                admin.validation(),
                admin.etag(),
                time);
    }

    private static List<String> paths(List<Refusal> refusals) {
        return refusals.stream().map(refusal -> refusal.problem().path()).toList();
    }

    private static List<String> texts(List<Refusal> refusals) {
        return refusals.stream().map(refusal -> refusal.problem().message()).toList();
    }
}
