package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RingPlanName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RingPlanSpec.Members;
import dev.sluice.control.change.spec.RingPlanSpec.Ring;
import dev.sluice.control.change.spec.VersionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the nodes of a ring see of a state. */
final class RingViewTest {
    private static final RingPlanName MAIN = new RingPlanName("main");

    private final Shop shop =
            Shop.open(0)
                    .with(new Event.VersionPut(version("pushed", eds("10.0.0.1"), 1)))
                    .with(new Event.RingPlanPut(plan()));

    @Test
    void a_ring_that_is_behind_sees_old_structure_with_the_addresses_and_gates_of_now() {
        shop.with(new Event.StructureRevised(MAIN))
                .with(new Event.VersionPut(version("pushed", eds("10.0.0.2"), 9)))
                .with(new Event.VersionPut(version("v2", fixed("10.0.0.9"), 9)))
                .gate(gate -> gate.setSharePpm(500_000));

        Catalog seen = Rings.seenBy(1, shop.catalog());

        VersionSpec pushed = of(seen, "pushed");
        assertThat(pushed.endpoints()).isEqualTo(eds("10.0.0.2"));
        assertThat(pushed.connectTimeout()).isEqualTo(Duration.ofMillis(1));
        assertThat(of(seen, "v2")).isEqualTo(Fixtures.version("orders", "v2"));
        assertThat(seen.gateMap()).isSameAs(shop.catalog().gateMap());
        assertThat(seen.seq()).isEqualTo(shop.catalog().seq());
        assertThat(Rings.seenBy(0, shop.catalog())).isSameAs(shop.catalog());
    }

    @Test
    void what_was_deleted_is_still_there_for_a_ring_that_is_behind() {
        shop.with(new Event.StructureRevised(MAIN))
                .with(new Event.VersionDeleted(Fixtures.versionName("orders", "pushed")));

        assertThat(of(Rings.seenBy(1, shop.catalog()), "pushed").endpoints())
                .isEqualTo(eds("10.0.0.1"));
        assertThat(Rings.seenBy(7, shop.catalog()).versionMap())
                .as("a ring that a smaller plan does not have is its last")
                .isEqualTo(Rings.seenBy(1, shop.catalog()).versionMap());
    }

    @Test
    void an_address_that_is_no_longer_pushed_stays_for_a_ring_that_is_behind() {
        shop.with(new Event.StructureRevised(MAIN))
                .with(new Event.VersionPut(version("pushed", fixed("10.0.0.2"), 1)));

        assertThat(of(Rings.seenBy(1, shop.catalog()), "pushed").endpoints())
                .isEqualTo(eds("10.0.0.1"));
    }

    @Test
    void what_a_ring_goes_back_to_remembers_what_its_nodes_have() {
        shop.with(new Event.StructureRevised(MAIN))
                .with(new Event.VersionPut(version("v3", fixed("10.0.0.3"), 1)))
                .with(new Event.StructureAborted(MAIN));

        assertThat(Rings.seenBy(0, shop.catalog()).goneVersions().values())
                .extracting(gone -> gone.spec().name())
                .containsExactly(Fixtures.versionName("orders", "v3"));
        assertThat(Rings.seenBy(1, shop.catalog()).goneVersions().size()).isZero();
    }

    @Test
    void only_a_resume_has_things_sent_again() {
        Catalog before = shop.catalog();
        shop.with(new Event.StructureRevised(MAIN));
        Catalog revised = shop.catalog();
        shop.with(new Event.StructureResumed(MAIN));

        assertThat(Rings.isRetry(before, revised)).isFalse();
        assertThat(Rings.isRetry(revised, shop.catalog())).isTrue();
        assertThat(Rings.isRetry(shop.catalog(), shop.catalog())).isFalse();
        assertThat(Rings.isRetry(Catalog.EMPTY, Catalog.EMPTY)).isFalse();
    }

    @Test
    void nodes_are_served_by_their_ring() {
        assertThat(Audience.of(shop.catalog(), Fixtures.node("c1", "web")).ring()).isZero();
        assertThat(Audience.of(shop.catalog(), Fixtures.node("x", "web")).ring()).isEqualTo(1);
        assertThat(Audience.of(Catalog.EMPTY, Fixtures.node("x", "web")).ring()).isZero();
    }

    private static VersionSpec of(Catalog catalog, String id) {
        return catalog.version(Fixtures.versionName("orders", id)).orElseThrow().spec();
    }

    private static Endpoints eds(String address) {
        return new Endpoints.Eds(List.of(new Endpoints.Endpoint(address, 8080, 1)));
    }

    private static Endpoints fixed(String address) {
        return new Endpoints.Static(List.of(new Endpoints.Endpoint(address, 8080, 1)));
    }

    private static VersionSpec version(String id, Endpoints endpoints, int millis) {
        VersionSpec spec = Fixtures.version("orders", id);
        return new VersionSpec(
                spec.name(),
                spec.labels(),
                endpoints,
                spec.protocol(),
                spec.tls(),
                spec.healthCheck(),
                spec.acceptedSchema(),
                Duration.ofMillis(millis),
                spec.inbound());
    }

    private static RingPlanSpec plan() {
        Duration second = Duration.ofSeconds(1);
        return new RingPlanSpec(
                MAIN,
                Description.NONE,
                List.of(
                        new Ring(
                                "canary",
                                new Members(List.of("c*"), List.of(), List.of(), Map.of(), 0),
                                second,
                                second),
                        new Ring("all", Members.REST, second, second)));
    }
}
