package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.Site.Node;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} of the control plane while users call, and its return. */
@Tag("interop")
class ControlPlaneDeathIT {
    private static final String ELSEWHERE = "127.0.0.2";
    private static final Map<String, Integer> ALL_NEW = Map.of("new", Caller.USERS);

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(DataPlane.class)
    void nobody_notices_and_a_node_that_went_on_hears_of_the_next_change(DataPlane plane)
            throws Exception {
        try (Site site = Site.open(folder)) {
            site.start(plane, "edge-1").process().awaitReady();
            Caller users = site.usersAt(Site.EDGE);
            Map<String, Integer> before = atHalf(site, users);
            Load load = site.keep(Load.start(folder, site.edge()));

            site.killControl();
            assertThat(users.tally()).as("the same users on the same side").isEqualTo(before);

            site.startControl();
            site.shop().setShare(100);
            assertThat(users.tallyUntil(ALL_NEW::equals)).as("at 100 %").isEqualTo(ALL_NEW);
            load.endWithoutFailure();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataPlane.class,
            names = {"SLUICE_SOTW", "SLUICE_DELTA"})
    void a_restarted_sidecar_serves_its_last_good_state_and_one_without_state_is_not_ready(
            DataPlane plane) throws Exception {
        try (Site site = Site.open(folder)) {
            Node first = site.start(plane, "edge-1");
            first.process().awaitReady();
            Caller users = site.usersAt(Site.EDGE);
            Map<String, Integer> before = atHalf(site, users);

            site.killControl();
            first.process().kill();
            Node restarted = site.start(plane, "edge-1");
            Node stranger = site.start(plane, "edge-2", ELSEWHERE);
            restarted.process().awaitReady();
            Load load = site.keep(Load.start(folder, site.edge()));

            assertThat(users.tally()).as("the same users, by its state").isEqualTo(before);
            assertThat(restarted.readiness()).as("/ready with state").isEqualTo(200);
            Caller.await(() -> stranger.readiness() == 503);
            assertThat(stranger.readiness()).as("/ready without state").isEqualTo(503);

            site.startControl();
            site.shop().setShare(100);
            stranger.process().awaitReady();
            Caller elsewhere = site.usersAt(ELSEWHERE);
            assertThat(users.tallyUntil(ALL_NEW::equals)).as("the restarted").isEqualTo(ALL_NEW);
            assertThat(elsewhere.tallyUntil(ALL_NEW::equals)).as("the other").isEqualTo(ALL_NEW);
            load.endWithoutFailure();
        }
    }

    /** Who answers the users at 50 %. */
    private static Map<String, Integer> atHalf(Site site, Caller users) {
        users.tallyUntil(tally -> tally.equals(Map.of("legacy", Caller.USERS)));
        site.shop().setShare(50);
        users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 50);
        Map<String, Integer> half = users.tally();
        assertThat(half).as("who answers at 50 %").containsOnlyKeys("legacy", "new");
        return half;
    }
}
