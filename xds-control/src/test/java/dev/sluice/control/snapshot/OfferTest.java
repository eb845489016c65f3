package dev.sluice.control.snapshot;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.snapshot.Offer.Old;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OfferTest {
    private static final Structure HELD =
            Structures.of(
                    5, "CLUSTER a=1 b=1>b", "ENDPOINT b=1", "LISTENER l=1>r", "ROUTE r=1>a+b");

    private final Map<ResourceType, Acknowledged> node = new EnumMap<>(ResourceType.class);

    @Test
    void whoever_asked_for_nothing_else_gets_everything() {
        Offer offer = offer(HELD);

        assertThat(offer.serving()).isEqualTo(HELD);
        assertThat(offer.withheld()).isEmpty();
        assertThat(offer.pending(ROUTE)).isEmpty();
    }

    @Test
    void routes_go_on_when_the_node_has_their_clusters_in_whatever_version() {
        has(HELD);

        Offer offer =
                offer(
                        Structures.of(
                                6,
                                "CLUSTER a=2 b=1>b",
                                "ENDPOINT b=1",
                                "LISTENER l=1>r",
                                "ROUTE r=2>a+b"));

        assertThat(content(offer, ROUTE)).containsExactly("r=2");
    }

    @Test
    void a_route_to_a_cluster_that_the_node_does_not_have_waits_and_the_old_one_stays() {
        has(HELD);

        Offer offer = offer(Structures.of(6, "CLUSTER a=1 c=1", "LISTENER l=1>r", "ROUTE r=2>c"));

        assertThat(content(offer, ROUTE)).containsExactly("r=1");
        assertThat(offer.pending(ROUTE)).containsExactly("r");
        assertThat(content(offer, CLUSTER)).as("b is in use").containsExactly("a=1", "b=1", "c=1");
        assertThat(content(offer, ENDPOINT)).containsExactly("b=1");
        assertThat(offer.keepsOld(CLUSTER)).isTrue();
        assertThat(offer.keepsOld(ROUTE)).isFalse();
    }

    @Test
    void old_clusters_go_when_nothing_uses_them() {
        has(HELD);

        Offer offer =
                Offer.of(
                        Structures.of(6, "CLUSTER a=1", "LISTENER l=1>r", "ROUTE r=1>a"),
                        node,
                        Old.DROPPED);

        assertThat(content(offer, CLUSTER)).containsExactly("a=1");
        assertThat(content(offer, ENDPOINT)).isEmpty();
        assertThat(offer.keepsOld(ENDPOINT)).isFalse();
    }

    @Test
    void a_route_waits_for_the_endpoints_of_its_cluster() {
        has(HELD);
        Structure next =
                Structures.of(
                        6,
                        "CLUSTER a=1 b=1>b c=1>c",
                        "ENDPOINT b=1 c=1",
                        "LISTENER l=1>r",
                        "ROUTE r=2>c");
        knows(CLUSTER, "c");

        assertThat(content(offer(next), ROUTE)).containsExactly("r=1");
        knows(ENDPOINT, "c");
        assertThat(content(offer(next), ROUTE)).containsExactly("r=2");
    }

    @Test
    void what_was_refused_keeps_what_was_accepted_and_holds_up_nothing_else() {
        has(HELD);
        Structure next =
                Structures.of(
                        6,
                        "CLUSTER a=bad b=1>b d=bad",
                        "ENDPOINT b=1",
                        "LISTENER l=1>r",
                        "ROUTE r=2>a s=1>d");
        refuses(CLUSTER, next, "a", "d");

        Offer offer = offer(next);

        assertThat(content(offer, CLUSTER)).containsExactly("a=1", "b=1");
        assertThat(content(offer, ROUTE))
                .as("the node has an a; and there is nothing to stay with for s")
                .containsExactly("r=2", "s=1");
    }

    @Test
    void a_route_that_the_node_has_does_not_move_to_a_refused_cluster() {
        has(HELD);
        Structure next =
                Structures.of(
                        6,
                        "CLUSTER a=1 b=1>b d=bad",
                        "ENDPOINT b=1",
                        "LISTENER l=1>r",
                        "ROUTE r=2>d");
        refuses(CLUSTER, next, "d");

        assertThat(content(offer(next), ROUTE)).containsExactly("r=1");
    }

    @Test
    void a_new_listener_waits_for_its_route_table_and_the_old_one_stays_meanwhile() {
        has(HELD);
        Structure next =
                Structures.of(
                        6,
                        "CLUSTER a=1 b=1>b c=1",
                        "ENDPOINT b=1",
                        "LISTENER new=1>n",
                        "ROUTE n=1>c r=1>a");

        Offer offer = offer(next);

        assertThat(content(offer, LISTENER)).containsExactly("l=1");
        assertThat(offer.keepsOld(LISTENER)).isTrue();
        knows(CLUSTER, "c");
        assertThat(content(offer(next), LISTENER)).containsExactly("new=1");
    }

    @Test
    void a_listener_with_a_route_table_that_the_node_has_does_not_wait_for_its_next_version() {
        has(HELD);

        Offer offer =
                offer(
                        Structures.of(
                                6,
                                "CLUSTER a=1 b=1>b c=1",
                                "ENDPOINT b=1",
                                "LISTENER l=2>r",
                                "ROUTE r=2>c"));

        assertThat(content(offer, LISTENER)).containsExactly("l=2");
        assertThat(offer.pending(ROUTE)).containsExactly("r");
    }

    @Test
    void what_names_something_that_is_not_there_is_withheld_with_what_needs_it() {
        Offer offer =
                offer(
                        Structures.of(
                                5,
                                "CLUSTER a=1 e=1>e",
                                "LISTENER good=1>g l=1>r m=1>nowhere",
                                "ROUTE g=1>a r=1>e s=1>gone"));

        assertThat(content(offer, CLUSTER)).containsExactly("a=1");
        assertThat(content(offer, ROUTE)).containsExactly("g=1");
        assertThat(content(offer, LISTENER)).containsExactly("good=1");
        assertThat(offer.withheld())
                .extracting(Offer.Withheld::toString)
                .containsExactlyInAnyOrder(
                        "cluster 'e': names endpoints 'e', which is not there",
                        "route table 'r': names cluster 'e', which is not there",
                        "route table 's': names cluster 'gone', which is not there",
                        "listener 'l': names route table 'r', which is not there",
                        "listener 'm': names route table 'nowhere', which is not there");
    }

    @Test
    void a_node_that_has_the_cluster_goes_on_though_its_next_version_is_torn() {
        has(HELD);

        Offer offer =
                offer(Structures.of(6, "CLUSTER a=1 b=2>lost", "LISTENER l=1>r", "ROUTE r=2>a+b"));

        assertThat(content(offer, CLUSTER)).containsExactly("a=1", "b=1");
        assertThat(content(offer, ROUTE))
                .as("lost endpoints are waited for")
                .containsExactly("r=1");
        assertThat(offer.withheld()).hasSize(1);
    }

    private Offer offer(Structure target) {
        return Offer.of(target, node, Old.KEPT);
    }

    private void has(Structure structure) {
        for (ResourceType type : ResourceType.values()) {
            Map<String, Versioned> all = structure.of(type).byName();
            node.put(type, new Acknowledged(true, Optional.empty(), all.keySet(), all, Map.of()));
        }
    }

    /** It has this too, in a version that nobody knows. */
    private void knows(ResourceType type, String name) {
        Acknowledged before = node.getOrDefault(type, Acknowledged.NOTHING);
        Set<String> names = new HashSet<>(before.names());
        names.add(name);
        node.put(
                type,
                new Acknowledged(true, Optional.empty(), names, before.last(), before.refused()));
    }

    private void refuses(ResourceType type, Structure target, String... names) {
        Acknowledged before = node.getOrDefault(type, Acknowledged.NOTHING);
        Map<String, String> refused = new HashMap<>();
        for (String name : names) {
            Versioned resource = Objects.requireNonNull(target.of(type).byName().get(name));
            refused.put(name, resource.version());
        }
        node.put(
                type,
                new Acknowledged(true, Optional.empty(), before.names(), before.last(), refused));
    }

    private static List<String> content(Offer offer, ResourceType type) {
        return offer.serving().of(type).byName().values().stream()
                .map(resource -> resource.name() + "=" + Structures.content(resource))
                .toList();
    }
}
