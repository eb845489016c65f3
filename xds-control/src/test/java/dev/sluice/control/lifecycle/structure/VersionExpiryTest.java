package dev.sluice.control.lifecycle.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.StaleVersions;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.lifecycle.World;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Versions whose end has come. */
class VersionExpiryTest {
    private static final VersionName LEGACY = Fixtures.versionName("orders", "v1");

    /** When commands of tests are given. */
    private static final Instant NOW = Fixtures.admin().time();

    private final World world = World.shop(0);

    @Test
    void before_its_end_nothing_is_said_of_a_version() {
        end(LEGACY, NOW.plusSeconds(1));

        assertThat(tell(NOW)).isEmpty();
        assertThat(reasons(NOW)).isEmpty();
        world.accept(new Command.CreateGate(Fixtures.gate("more", "orders", 0, "other")));
    }

    @Test
    void that_it_is_in_use_past_its_end_is_told_once_for_each_end() {
        end(LEGACY, NOW);

        assertThat(tell(NOW))
                .containsExactly(new Event.VersionExpired(LEGACY, NOW, List.of("gates/orders")));
        assertThat(tell(NOW.plusSeconds(1))).as("it has been told").isEmpty();
        end(LEGACY, NOW.plusSeconds(9));
        assertThat(tell(NOW.plusSeconds(8))).isEmpty();
        assertThat(tell(NOW.plusSeconds(9))).as("another end").hasSize(1);
        assertThat(reasons(NOW.plusSeconds(9)))
                .containsExactly(
                        "it has expired at "
                                + NOW.plusSeconds(9)
                                + ", and is named by gates/orders");
        assertThat(world.catalog().version(LEGACY).orElseThrow().meta().updateTime())
                .as("telling changes nothing that people said")
                .isEqualTo(NOW);
    }

    @Test
    void one_that_nothing_names_is_stale_and_nobody_is_called() {
        VersionName spare = Fixtures.versionName("orders", "v3");
        world.accept(new Command.CreateVersion(Fixtures.version("orders", "v3")));
        end(spare, NOW);

        assertThat(tell(spare, NOW)).isEmpty();
        assertThat(
                        StaleVersions.reasons(
                                world.catalog(), world.catalog().version(spare).orElseThrow(), NOW))
                .containsExactly("it has expired at " + NOW + ", and nothing names it");
        world.accept(new Command.DeleteVersion(spare));
    }

    @Test
    void of_a_version_that_is_gone_nothing_is_told() {
        assertThat(tell(Fixtures.versionName("orders", "none"), NOW)).isEmpty();
    }

    @Test
    void nothing_new_names_an_expired_version() {
        end(LEGACY, NOW);

        assertThat(paths(new Command.CreateGate(Fixtures.gate("more", "orders", 0, "other"))))
                .containsExactly("legacy_version");
        assertThat(paths(new Command.CreateRoute(toVersion("all", LEGACY))))
                .containsExactly("version");
        world.accept(new Command.CreateRoute(toVersion("all", other())));
        assertThat(paths(new Command.UpdateRoute(toVersion("all", LEGACY))))
                .containsExactly("version");
    }

    @Test
    void a_gate_is_not_changed_to_an_expired_version_but_an_old_revision_comes_back() {
        world.accept(new Command.CreateVersion(Fixtures.version("orders", "v3")));
        GateRevision before = world.gate("orders").revision();
        world.accept(of("v3", "v2"));
        end(LEGACY, NOW);

        assertThat(paths(of("v1", "v2"))).containsExactly("legacy_version");
        assertThat(paths(of("v3", "v1"))).containsExactly("new_version");
        world.accept(
                new Command.RestoreRevision(
                        new GateName("orders"), before, Command.BackMoves.REFUSED));
        assertThat(world.gate("orders").content().legacyCluster()).isEqualTo(LEGACY.name());
    }

    @Test
    void what_names_it_already_changes_moves_and_goes_back_as_before() {
        world.accept(new Command.CreateRoute(toVersion("all", LEGACY)));
        end(LEGACY, NOW);
        end(other(), NOW);

        world.accept(new Command.UpdateRoute(toVersion("all", LEGACY)));
        world.accept(
                new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(10_000)));
        world.accept(
                new Command.UpdateGate(
                        Fixtures.gate("orders", "orders", 20_000), Command.BackMoves.REFUSED));
        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")));
        assertThat(world.share("orders")).isZero();
    }

    private static Command of(String legacy, String fresh) {
        GateSpec spec = Fixtures.gate("orders", "orders", 0);
        Gate gate = spec.content();
        return new Command.UpdateGate(
                new GateSpec(
                        Fixtures.withArms(
                                gate,
                                Fixtures.versionName("orders", legacy).name(),
                                Fixtures.versionName("orders", fresh).name(),
                                gate.bucketing()),
                        spec.description()),
                Command.BackMoves.REFUSED);
    }

    private void end(VersionName name, Instant end) {
        world.accept(
                new Command.UpdateVersion(
                        Fixtures.version(name.service().id(), name.id())
                                .withEnd(Optional.of(end))));
    }

    private List<Event> tell(Instant now) {
        return tell(LEGACY, now);
    }

    private List<Event> tell(VersionName name, Instant now) {
        return world.accept(
                new Command.TellExpiry(name), CommandContext.of(Principal.ORCHESTRATOR, now));
    }

    private List<String> reasons(Instant now) {
        return StaleVersions.reasons(
                world.catalog(), world.catalog().version(LEGACY).orElseThrow(), now);
    }

    private List<String> paths(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().path()).toList();
    }

    private static VersionName other() {
        return Fixtures.versionName("orders", "v2");
    }

    private static RouteSpec toVersion(String id, VersionName version) {
        return Fixtures.route("orders", id, new RouteSpec.Target.ToVersion(version));
    }
}
