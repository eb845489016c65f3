package dev.sluice.control.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.control.change.Fixtures;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GoneVersionsTest {
    private static final Instant START = Instant.parse("2026-11-01T08:00:00Z");
    private static final ServiceName WEB = Fixtures.serviceName("web");
    private static final ServiceName SHOP = Fixtures.serviceName("shop");

    @Test
    void a_version_is_remembered_for_all_that_lost_it_until_no_node_can_come_back_with_it() {
        GoneVersions gone =
                none().with(gone("v1", 1, Duration.ZERO, WEB))
                        .with(gone("v1", 2, Duration.ofDays(1), SHOP))
                        .with(gone("v2", 3, Duration.ofDays(2), WEB));
        assertThat(gone.byName().get(Fixtures.version("orders", "v1").name()))
                .hasValueSatisfying(
                        found -> assertThat(found.callers()).containsExactlyInAnyOrder(WEB, SHOP));

        GoneVersions later = gone.with(gone("v3", 4, Duration.ofDays(31), WEB));

        assertThat(later.byName().values())
                .extracting(found -> found.spec().name().id())
                .as("v1 went 30 days before")
                .containsExactly("v2", "v3");
        assertThat(later.with(gone("v2", 5, Duration.ofDays(40), SHOP)).byName().values())
                .as("those who lost it before can't come back with it")
                .allSatisfy(found -> assertThat(found.callers()).hasSize(1));
    }

    @Test
    void of_too_many_the_oldest_is_forgotten() {
        GoneVersions gone = none();
        for (int i = 1; i <= GoneVersions.MOST; i++) {
            gone = new GoneVersions(gone.byName().with(name(i), gone("v" + i, i, WEB)));
        }

        GoneVersions more = gone.with(gone("new", GoneVersions.MOST + 1, WEB));

        assertThat(more.byName().size()).isEqualTo(GoneVersions.MOST);
        assertThat(more.byName().contains(name(1))).isFalse();
        assertThat(more.byName().contains(name(2))).isTrue();
    }

    private static GoneVersions none() {
        return new GoneVersions(PersistentMap.empty());
    }

    private static VersionName name(int number) {
        return Fixtures.version("orders", "v" + number).name();
    }

    private static Gone gone(String version, long seq, ServiceName caller) {
        return gone(version, seq, Duration.ZERO, caller);
    }

    private static Gone gone(String version, long seq, Duration after, ServiceName caller) {
        return new Gone(
                Fixtures.version("orders", version), seq, START.plus(after), Set.of(caller));
    }
}
