package dev.sluice.control.xds.structure;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.snapshot.Structures;
import dev.sluice.control.xds.structure.StubNode.Answer;
import dev.sluice.control.xds.structure.StubNode.Speaks;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that ask for clusters and listeners by name, as gRPC clients do. */
final class NamedSubscriptionTest {
    private final StructureStream stream = new StructureStream();

    @ParameterizedTest
    @EnumSource
    void a_node_gets_the_listeners_and_clusters_that_it_names(Speaks speaks) {
        stream.target(Structures.of(5, "CLUSTER a=1 b=1", "LISTENER l=1 m=1"));
        StubNode node = new StubNode(stream, speaks);

        node.subscribe(LISTENER, "l");
        Answer listeners = node.next();
        node.accept(listeners);
        node.subscribe(CLUSTER, "b");
        Answer clusters = node.next();
        node.accept(clusters);

        assertThat(listeners.resources()).isEqualTo(Map.of("l", "1"));
        assertThat(clusters.resources()).isEqualTo(Map.of("b", "1"));
        assertThat(node.hasNothing()).isTrue();
        assertThat(stream.isSettled()).as("it has all that it wants").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_star_among_the_names_asks_for_everything(Speaks speaks) {
        stream.target(Structures.of(5, "CLUSTER a=1 b=1"));
        StubNode node = new StubNode(stream, speaks);

        node.subscribe(CLUSTER, "*");

        assertThat(node.next().resources()).isEqualTo(Map.of("a", "1", "b", "1"));
    }

    @Test
    void a_name_more_is_answered_with_all_that_are_asked_for() {
        stream.target(Structures.of(5, "CLUSTER a=1 b=1 c=1"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);
        node.subscribe(CLUSTER, "a");
        Answer first = node.next();

        node.acceptAsking(first, "a", "b");

        Answer second = node.next();
        assertThat(second.resources()).isEqualTo(Map.of("a", "1", "b", "1"));
        assertThat(second.version()).isNotEqualTo(first.version());
    }

    @ParameterizedTest
    @EnumSource
    void routes_do_not_wait_for_a_cluster_that_only_they_make_the_node_ask_for(Speaks speaks) {
        stream.target(Structures.of(5, "CLUSTER a=1 b=1", "LISTENER l=1>r", "ROUTE r=1>a"));
        StubNode node = new StubNode(stream, speaks);
        node.subscribe(LISTENER, "l");
        node.settle();
        node.subscribe(ROUTE, "r");
        node.settle();
        node.subscribe(CLUSTER, "a");
        node.settle();

        stream.target(Structures.of(6, "CLUSTER a=1 b=1", "LISTENER l=1>r", "ROUTE r=2>b"));

        Answer routes = node.next();
        assertThat(routes.resources()).isEqualTo(Map.of("r", "2"));
        node.accept(routes);
        node.subscribe(CLUSTER, "a", "b");
        assertThat(node.next().resources()).containsEntry("b", "1");
    }

    @ParameterizedTest
    @EnumSource
    void routes_wait_for_the_endpoints_of_clusters_that_the_node_asked_for(Speaks speaks) {
        stream.target(
                Structures.of(5, "CLUSTER a=1>a", "ENDPOINT a=1", "LISTENER l=1>r", "ROUTE r=1"));
        StubNode node = new StubNode(stream, speaks);
        node.subscribe(ROUTE, "r");
        node.settle();
        node.subscribe(CLUSTER, "a");
        node.settle();
        node.subscribe(ENDPOINT, "a");
        Answer endpoints = node.next();

        stream.target(
                Structures.of(6, "CLUSTER a=1>a", "ENDPOINT a=1", "LISTENER l=1>r", "ROUTE r=2>a"));

        assertThat(node.hasNothing()).isTrue();
        node.accept(endpoints);
        assertThat(node.next().resources()).isEqualTo(Map.of("r", "2"));
    }

    @Test
    void a_name_that_is_not_there_is_answered_once_and_again_when_it_comes() {
        stream.target(Structures.of(5, "CLUSTER a=1"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);
        node.subscribe(CLUSTER, "a");
        node.settle();

        node.subscribe(CLUSTER, "a", "x");
        Answer absent = node.next();
        node.accept(absent);
        assertThat(absent.resources()).as("what is left out is not there").containsOnlyKeys("a");
        assertThat(node.hasNothing()).as("said once").isTrue();

        stream.target(Structures.of(6, "CLUSTER a=1 x=1"));
        assertThat(node.next().resources()).containsOnlyKeys("a", "x");
    }

    @Test
    void a_cluster_that_goes_is_left_out_when_no_route_needs_it() {
        stream.target(Structures.of(5, "CLUSTER a=1 b=1", "LISTENER l=1>r", "ROUTE r=1>a"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);
        node.subscribe(LISTENER, "l");
        node.settle();
        node.subscribe(ROUTE, "r");
        node.settle();
        node.subscribe(CLUSTER, "a", "b");
        node.settle();

        stream.target(Structures.of(6, "CLUSTER b=1", "LISTENER l=1>r", "ROUTE r=2>b"));

        Answer routes = node.next();
        assertThat(routes.type()).isEqualTo(ROUTE);
        assertThat(node.hasNothing()).as("a is still used").isTrue();
        node.accept(routes);
        assertThat(node.next().resources()).isEqualTo(Map.of("b", "1"));
    }

    @Test
    void who_comes_back_with_what_it_named_is_sent_nothing() {
        stream.target(Structures.of(5, "CLUSTER a=1 b=1"));
        StubNode before = new StubNode(stream, Speaks.WHOLE);
        before.subscribe(CLUSTER, "a");
        String version = before.next().version();
        StructureStream again = new StructureStream();
        again.target(Structures.of(5, "CLUSTER a=1 b=1"));
        StubNode after = new StubNode(again, Speaks.WHOLE);

        after.resume(CLUSTER, version, "a");
        assertThat(after.hasNothing()).isTrue();

        after.subscribe(CLUSTER, "a", "b");
        assertThat(after.next().resources()).containsOnlyKeys("a", "b");
    }

    @Test
    void names_that_are_taken_back_leave_nothing_asked_for() {
        stream.target(Structures.of(5, "CLUSTER a=1 b=1"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);
        node.subscribe(CLUSTER, "a");
        Answer first = node.next();

        node.acceptAsking(first);
        stream.target(Structures.of(6, "CLUSTER a=2 b=2"));

        assertThat(node.hasNothing()).as("an empty list after names is no wildcard").isTrue();
    }
}
