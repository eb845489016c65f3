package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.Arms.Arrival;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Gates that move while users call: stock Envoy and our sidecar under one control plane.
 *
 * <p>A change must be in force within a second. A second on a clock fails on a machine that stands
 * still for one, so the second is counted in requests: once the admin API is called, the arm that
 * is left sees at most as many requests as the load sends in a second at its best. On a machine
 * that is busy the load is slower too.
 */
@Tag("interop")
class GateUnderLoadIT {
    /** So many requests in a row on one arm: the change is in force everywhere. */
    private static final int SETTLED = 400;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(DataPlane.class)
    void follows_a_raise_to_100_percent_and_a_kill_within_a_second_and_fails_nobody(DataPlane plane)
            throws Exception {
        try (Site site = Site.open(folder)) {
            site.start(plane, "edge-1").process().awaitReady();
            Caller users = site.usersAt(Site.EDGE);
            users.tallyUntil(tally -> tally.equals(Map.of("legacy", Caller.USERS)));
            Load load = site.keep(Load.start(folder, site.edge()));

            site.shop().setShare(25);
            Map<String, Integer> quarter = users.tallyUntil(tally -> tally.containsKey("new"));
            assertThat(quarter).as("who answers at 25 %").containsOnlyKeys("legacy", "new");
            assertThat(users.tally().get("new")).as("of 200 users at 25 %").isBetween(20, 85);

            long raised = System.nanoTime();
            site.shop().setShare(100);
            isLeftWithinASecond("legacy", site.arms(), raised, plane);

            long killed = System.nanoTime();
            site.shop().kill();
            isLeftWithinASecond("new", site.arms(), killed, plane);

            load.endWithoutFailure();
        }
    }

    /**
     * @param from when the change was asked for
     */
    private static void isLeftWithinASecond(String arm, Arms arms, long from, DataPlane plane) {
        Caller.await(() -> isLeft(arm, since(from, arms)));
        List<Arrival> after = since(from, arms);
        assertThat(isLeft(arm, after)).as("no more request reaches " + arm).isTrue();
        List<Arrival> late = after.stream().filter(seen -> seen.arm().equals(arm)).toList();
        long lag = late.isEmpty() ? 0 : late.getLast().nanos() - from;
        System.out.printf(
                "%s: %s was left after %d requests, %d ms%n",
                plane, arm, late.size(), TimeUnit.NANOSECONDS.toMillis(lag));
        assertThat(late)
                .as("requests that reached %s after the change", arm)
                .hasSizeLessThanOrEqualTo(Load.MOST_PER_SECOND);
    }

    private static boolean isLeft(String arm, List<Arrival> after) {
        return after.size() >= SETTLED
                && after.subList(after.size() - SETTLED, after.size()).stream()
                        .noneMatch(seen -> seen.arm().equals(arm));
    }

    private static List<Arrival> since(long nanos, Arms arms) {
        return arms.arrivals().stream().filter(seen -> seen.nanos() - nanos > 0).toList();
    }
}
