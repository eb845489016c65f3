package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationProfile.DeprecationWindow;
import dev.sluice.control.change.spec.MigrationProfile.Goals;
import dev.sluice.control.change.spec.MigrationProfile.Impact;
import dev.sluice.control.change.spec.MigrationProfile.Milestone;
import dev.sluice.control.change.spec.MigrationProfile.Notice;
import dev.sluice.control.change.spec.MigrationProfile.People;
import dev.sluice.control.change.spec.MigrationProfile.Scope;
import dev.sluice.control.change.spec.MigrationProfile.Store;
import dev.sluice.control.change.spec.MigrationProfile.Throughput;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.SchemaRange;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileRulesTest {
    private static final MigrationProfile EMPTY = MigrationProfile.EMPTY;
    private static final MigrationName NAME = new MigrationName("m");

    private final World world = World.shop(0);

    @Test
    void every_problem_of_a_profile_is_told() {
        MigrationProfile wrong =
                new MigrationProfile(
                        new Scope(
                                List.of(),
                                List.of(new ServiceName("nobody")),
                                List.of(
                                        new Store("a/b", "x".repeat(129)),
                                        new Store("a", ""),
                                        new Store("a", ""))),
                        new People(
                                List.of("admin"),
                                List.of(new Milestone("", LocalDate.parse("2026-12-24"))),
                                List.of(new Notice("", "", Phase.DRAIN, ""))),
                        new Impact(
                                Optional.of(new Throughput(-1, -1, 1_001)),
                                List.of(""),
                                List.of(""),
                                List.of(""),
                                List.of("")),
                        new Goals(List.of(""), List.of("")),
                        Optional.of(
                                new DeprecationWindow(
                                        Fixtures.START,
                                        Fixtures.START,
                                        Optional.of("ftp://shop"))));

        assertThat(paths(new Command.CreateMigration(with(wrong))))
                .containsExactlyInAnyOrder(
                        "services",
                        "stores",
                        "stores",
                        "stores.technology",
                        "tables",
                        "approvers",
                        "milestones.title",
                        "communication.audience",
                        "communication.channel",
                        "communication.text",
                        "throughput.reads_per_second",
                        "throughput.writes_per_second",
                        "throughput.added_percent",
                        "access_patterns",
                        "coupling_points",
                        "physical_implications",
                        "logical_implications",
                        "success_criteria",
                        "rollback_triggers",
                        "deprecation.sunset_time",
                        "deprecation.link_uri");
    }

    @Test
    void versions_and_digests_have_their_shape() {
        assertThat(paths(new Command.CreateMigration(schema("2", "sha1:00"))))
                .containsExactlyInAnyOrder("schema_version", "artifact_digest");
        world.accept(
                new Command.CreateMigration(
                        schema("2.0.0-rc.1+build", "sha256:" + "0a".repeat(32))));
    }

    @Test
    void the_new_version_must_accept_the_new_schema_of_a_store_that_changes() {
        accepting("elsewhere", "1", "1.9");
        world.accept(new Command.CreateMigration(schema("2.0.0", "0a".repeat(32))));
        world.accept(new Command.DeleteMigration(NAME));

        accepting("db", "1", "1.9");
        assertThat(world.refuse(new Command.CreateMigration(schema("2.0.0", "0a".repeat(32)))))
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.problem().got()).contains("accepts 1 to 1.9 of db"));
        world.accept(new Command.CreateMigration(schema("1.4.0", "0a".repeat(32))));
        accepting("db", "3", "4");
        assertThat(paths(update(schema("2.1.0", "0a".repeat(32)))))
                .containsExactly("schema_version");
    }

    @Test
    void each_approver_of_the_plan_must_say_yes_and_can_not_be_taken_out_once_it_has_begun() {
        MigrationSpec named = with(naming("ada", "bob"));
        world.accept(new Command.CreateMigration(named));
        approve("eve");
        approve("ada");
        assertThat(blockers()).singleElement().asString().contains("an approval of bob");

        approve("bob");
        assertThat(blockers()).isEmpty();
        world.accept(new Command.AdvanceMigration(NAME));

        assertThat(paths(update(with(naming("ada"))))).containsExactly("steps");
    }

    @Test
    void legacy_stays_for_as_long_as_its_callers_were_told() {
        MigrationSpec announced =
                with(
                        new MigrationProfile(
                                EMPTY.scope(),
                                EMPTY.people(),
                                EMPTY.impact(),
                                EMPTY.goals(),
                                Optional.of(
                                        new DeprecationWindow(
                                                Fixtures.START.minusSeconds(60),
                                                Fixtures.START.plusSeconds(60),
                                                Optional.empty()))));
        world.accept(new Command.CreateMigration(announced));
        Refusals before = new Refusals();
        Refusals after = new Refusals();
        Refusals early = new Refusals();

        sunset(Phase.DRAIN, Fixtures.admin(), before);
        sunset(Phase.DRAIN, at(60), after);
        sunset(Phase.SOAK, Fixtures.admin(), early);

        assertThat(before.all())
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.problem().path()).isEqualTo("deprecation.sunset_time"));
        assertThat(after.isEmpty()).isTrue();
        assertThat(early.isEmpty()).as("only CONTRACT takes legacy away").isTrue();
    }

    private void sunset(Phase phase, CommandContext context, Refusals refusals) {
        var present = world.catalog().migration(NAME).orElseThrow();
        world.apply(
                new Command.PauseMigration(NAME),
                context,
                List.of(
                        new dev.sluice.control.change.Event.MigrationMoved(
                                NAME,
                                phase,
                                Phase.Progress.RESTING,
                                Optional.empty(),
                                present.message())));
        MigrationGuard.SUNSET.check(
                new MigrationScene(
                        world.catalog().migration(NAME).orElseThrow(),
                        new ShareRules(world.catalog(), FleetReport.SILENT, context, 1)),
                refusals);
    }

    private static CommandContext at(long seconds) {
        CommandContext plain = Fixtures.admin();
        return new CommandContext(
                plain.caller(),
                plain.requestId(),
                plain.reason(),
                plain.validation(),
                plain.etag(),
                Fixtures.START.plusSeconds(seconds));
    }

    private void approve(String who) {
        world.accept(
                new Command.AnswerMigration(
                        NAME,
                        world.catalog().migration(NAME).orElseThrow().consent().plan(),
                        Answer.APPROVED,
                        Set.of()),
                Fixtures.by(new Principal(who, Principal.AuthMethod.TOKEN)));
    }

    private List<Refusal> blockers() {
        return Lifecycle.blockers(
                world.catalog(),
                FleetReport.SILENT,
                world.catalog().migration(NAME).orElseThrow(),
                Fixtures.admin());
    }

    private List<String> paths(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().path()).toList();
    }

    private static Command update(MigrationSpec spec) {
        return new Command.UpdateMigration(spec);
    }

    private static MigrationProfile naming(String... approvers) {
        return new MigrationProfile(
                EMPTY.scope(),
                new People(List.of(approvers), List.of(), List.of()),
                EMPTY.impact(),
                EMPTY.goals(),
                Optional.empty());
    }

    private static MigrationSpec plain() {
        return Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders"));
    }

    private static MigrationSpec with(MigrationProfile profile) {
        return Fixtures.with(plain(), Risk.HIGH, profile);
    }

    private static MigrationSpec schema(String version, String digest) {
        return Fixtures.with(
                plain(),
                new MigrationSpec.Product(
                        "",
                        "",
                        Risk.LOW,
                        List.of(),
                        MigrationSpec.Compatibility.FULL,
                        version,
                        Optional.of(digest),
                        Optional.empty()));
    }

    private void accepting(String store, String min, String max) {
        VersionSpec plain = Fixtures.version("orders", "v2");
        world.accept(
                new Command.UpdateVersion(
                        new VersionSpec(
                                plain.name(),
                                plain.labels(),
                                plain.endpoints(),
                                plain.protocol(),
                                plain.tls(),
                                plain.healthCheck(),
                                Optional.of(new SchemaRange(store, min, max)),
                                plain.connectTimeout(),
                                plain.inbound())));
    }
}
