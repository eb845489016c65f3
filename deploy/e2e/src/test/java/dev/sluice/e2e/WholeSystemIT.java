package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.e2e.Site.Node;
import dev.sluice.gate.v1.Arm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A control plane and a data plane, each a process of its own, and users who must not notice. */
class WholeSystemIT {
    private static final String ELSEWHERE = "127.0.0.2";
    private static final Map<String, Integer> ALL_LEGACY = Map.of("legacy", Caller.USERS);
    private static final Map<String, Integer> ALL_NEW = Map.of("new", Caller.USERS);

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = DataPlane.class,
            names = {"SLUICE_SOTW", "SLUICE_DELTA"})
    void a_sidecar_follows_the_gate_from_25_to_100_percent_and_the_kill_to_0(DataPlane plane)
            throws Exception {
        try (Site site = Site.open(folder)) {
            site.start(plane, "edge-1").process().awaitReady();
            Caller users = site.usersAt(Site.EDGE);
            assertThat(users.tallyUntil(ALL_LEGACY::equals)).isEqualTo(ALL_LEGACY);

            site.shop().setShare(25);
            users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 25);
            Map<String, Integer> quarter = users.tally();
            assertThat(quarter).containsOnlyKeys("legacy", "new");
            assertThat(quarter.get("new")).as("of 200 users at 25 %").isBetween(25, 80);
            assertThat(users.tally()).as("the same users again").isEqualTo(quarter);

            site.shop().setShare(100);
            assertThat(users.tallyUntil(ALL_NEW::equals)).isEqualTo(ALL_NEW);

            site.shop().kill();
            assertThat(users.tallyUntil(ALL_LEGACY::equals)).isEqualTo(ALL_LEGACY);
        }
    }

    @Test
    void a_kill_at_a_sidecar_is_in_the_log_and_holds_until_resume_names_it() throws Exception {
        try (Site site = Site.open(folder)) {
            Node sidecar = site.start(DataPlane.SLUICE_DELTA, "edge-1");
            sidecar.process().awaitReady();
            Caller users = site.usersAt(Site.EDGE);
            site.shop().setShare(50);
            users.tallyUntil(tally -> tally.containsKey("new"));
            Map<String, Integer> before = users.tally();

            assertThat(sidecar.kill("wrong names")).isEqualTo(200);
            assertThat(users.tally()).as("killed at the sidecar").isEqualTo(ALL_LEGACY);
            Caller.await(() -> site.shop().gate().getLocalKillsCount() > 0);
            assertThat(site.shop().gate().getLocalKillsList())
                    .singleElement()
                    .satisfies(kill -> {
                        assertThat(kill.getNode()).isEqualTo("nodes/edge-1");
                        assertThat(kill.getReason()).isEqualTo("wrong names");
                        assertThat(kill.getTime().getSeconds()).isPositive();
                    });
            String id = site.shop().gate().getLocalKills(0).getId();

            assertThatThrownBy(() -> site.shop().setShare(60)).hasMessageContaining(id);

            site.shop().resume(List.of(id));
            assertThat(users.tallyUntil(before::equals))
                    .as("the same users on the same side as before")
                    .isEqualTo(before);
            assertThat(site.shop().gate().getLocalKillsList()).isEmpty();
            site.shop().setShare(100);
            assertThat(users.tallyUntil(ALL_NEW::equals)).isEqualTo(ALL_NEW);
        }
    }

    @Test
    void the_sidecar_beside_legacy_counts_who_calls_it() throws Exception {
        try (Site site = Site.open(folder)) {
            int port = Spawned.freePort();
            site.shop().putSidecarBesideLegacy(ELSEWHERE, port, site.arms().legacyPort());
            site.startBeside(DataPlane.SLUICE_DELTA, "shop-1", "legacy", ELSEWHERE)
                    .process()
                    .awaitReady();
            site.start(DataPlane.SLUICE_DELTA, "edge-1").process().awaitReady();
            Caller users = site.usersAt(Site.EDGE);
            assertThat(users.tallyUntil(ALL_LEGACY::equals)).isEqualTo(ALL_LEGACY);

            Caller.await(() ->
                    site.shop().callers().stream()
                            .anyMatch(caller -> caller.getRequests() >= Caller.USERS));

            assertThat(site.shop().callers())
                    .singleElement()
                    .satisfies(caller -> {
                        assertThat(caller.getArm()).isEqualTo(Arm.LEGACY);
                        assertThat(caller.getService()).isEqualTo("edge");
                        assertThat(caller.getOperation()).isEqualTo("all");
                    });
        }
    }

    @Test
    void the_death_of_the_control_plane_changes_nothing_for_users() throws Exception {
        try (Site site = Site.open(folder)) {
            Node sidecar = site.start(DataPlane.SLUICE_DELTA, "edge-1");
            sidecar.process().awaitReady();
            Caller users = site.usersAt(Site.EDGE);
            site.shop().setShare(50);
            users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 50);
            Map<String, Integer> before = users.tally();

            site.killControl();

            assertThat(users.tally()).as("the same users on the same side").isEqualTo(before);

            sidecar.process().close();
            Node restarted = site.start(DataPlane.SLUICE_DELTA, "edge-1");
            restarted.process().awaitReady();
            assertThat(users.tally()).as("after a restart of the sidecar").isEqualTo(before);

            Node stranger = site.start(DataPlane.SLUICE_DELTA, "edge-2", ELSEWHERE);
            Caller.await(() -> stranger.readiness() == 503);
            assertThat(stranger.readiness()).as("/ready without state").isEqualTo(503);

            site.startControl();
            site.shop().setShare(100);
            assertThat(users.tallyUntil(ALL_NEW::equals)).isEqualTo(ALL_NEW);
        }
    }
}
