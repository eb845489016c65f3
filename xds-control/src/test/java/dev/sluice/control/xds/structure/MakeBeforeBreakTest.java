package dev.sluice.control.xds.structure;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static dev.sluice.control.xds.structure.Beginning.FIRST;
import static dev.sluice.control.xds.structure.Beginning.started;
import static dev.sluice.control.xds.structure.Beginning.startedWithEndpoints;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Structures;
import dev.sluice.control.xds.structure.StubNode.Answer;
import dev.sluice.control.xds.structure.StubNode.Speaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In which order the parts of a change go out, and what waits for what. */
final class MakeBeforeBreakTest {
    private final StructureStream stream = new StructureStream();

    @ParameterizedTest
    @EnumSource
    void a_change_makes_before_it_breaks(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(stream, speaks);

        stream.target(Structures.of(6, "CLUSTER b=1 c=1", "LISTENER l=2>r", "ROUTE r=2>c"));

        Answer added = node.next();
        Answer listeners = node.next();
        assertThat(List.of(added.type(), listeners.type())).containsExactly(CLUSTER, LISTENER);
        node.accept(listeners);
        assertThat(added.resources()).containsEntry("c", "1");
        assertThat(added.removed()).as("a is still used").isEmpty();
        assertThat(node.hasNothing()).as("routes wait for clusters").isTrue();

        node.accept(added);
        Answer routes = node.next();
        assertThat(routes.type()).isEqualTo(ROUTE);
        assertThat(node.hasNothing()).as("old clusters wait for routes").isTrue();

        assertThat(node.hasNothing()).as("old clusters wait for routes").isTrue();

        node.accept(routes);
        Answer last = node.next();
        assertThat(last.type()).isEqualTo(CLUSTER);
        if (speaks == Speaks.DELTA) {
            assertThat(last.resources()).isEmpty();
            assertThat(last.removed()).containsExactly("a");
        } else {
            assertThat(last.resources()).isEqualTo(Map.of("b", "1", "c", "1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_cluster_that_changed_takes_its_endpoints_with_it(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = startedWithEndpoints(stream, speaks);

        stream.target(
                Structures.of(6, "CLUSTER a=2 b=1", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1"));

        Answer cluster = node.next();
        Answer endpoints = node.next();
        assertThat(List.of(cluster.type(), endpoints.type())).containsExactly(CLUSTER, ENDPOINT);
        assertThat(endpoints.resources()).as("Envoy waits for them").isEqualTo(Map.of("a", "1"));
        node.accept(cluster);
        assertThat(stream.isSettled()).as("the cluster is still waiting").isFalse();
        node.accept(endpoints);
        assertThat(stream.isSettled()).isTrue();
        assertThat(node.hasNothing()).as("once is enough").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void endpoints_that_went_out_before_their_cluster_changed_go_out_after_it_again(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = startedWithEndpoints(stream, speaks);
        stream.target(
                Structures.of(6, "CLUSTER a=1 b=2", "ENDPOINT a=2", "LISTENER l=1", "ROUTE r=1"));
        Answer other = node.next();
        Answer early = node.next();
        stream.target(
                Structures.of(7, "CLUSTER a=2 b=2", "ENDPOINT a=2", "LISTENER l=1", "ROUTE r=1"));

        node.accept(other);
        Answer cluster = node.next();
        node.accept(early);
        Answer again = node.next();

        assertThat(cluster.resources()).containsEntry("a", "2");
        assertThat(again.type()).isEqualTo(ENDPOINT);
        assertThat(again.resources()).isEqualTo(Map.of("a", "2"));
    }

    @ParameterizedTest
    @EnumSource
    void a_cluster_that_changed_leaves_the_endpoints_of_others_alone(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = startedWithEndpoints(stream, speaks);

        stream.target(
                Structures.of(6, "CLUSTER a=1 b=2", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1"));

        assertThat(node.settle()).extracting(Answer::type).containsExactly(CLUSTER);
    }

    @ParameterizedTest
    @EnumSource
    void what_names_something_that_is_not_there_is_withheld_and_told_once(Speaks speaks) {
        List<String> told = new ArrayList<>();
        stream.onHeldBack(held -> told.add(held.what()));
        stream.target(FIRST);
        StubNode node = started(stream, speaks);

        Structure torn =
                Structures.of(
                        6,
                        "CLUSTER a=1 b=1 c=1>c",
                        "ENDPOINT a=1",
                        "LISTENER l=2>nowhere m=1>r",
                        "ROUTE r=2>gone");
        stream.target(torn);
        stream.target(Structures.at(7, torn));

        assertThat(node.settle()).allMatch(answer -> answer.type() == LISTENER);
        assertThat(stream.heldBack())
                .extracting(StructureStream.HeldBack::what)
                .containsExactlyInAnyOrderElementsOf(told)
                .containsExactlyInAnyOrder(
                        "cluster 'c': names endpoints 'c', which is not there",
                        "route table 'r': names cluster 'gone', which is not there",
                        "listener 'l': names route table 'nowhere', which is not there");
        stream.target(Structures.at(8, FIRST));
        assertThat(stream.heldBack()).isEmpty();
        node.settle();
        assertThat(stream.isSettled()).isTrue();
    }

    @Test
    void a_listener_goes_with_the_coming_of_the_one_that_replaces_it() {
        stream.target(FIRST);
        StubNode node = started(stream, Speaks.WHOLE);
        stream.target(
                Structures.of(6, "CLUSTER a=1 b=1 c=1", "LISTENER new=1>n", "ROUTE n=1>c r=1"));
        Answer clusters = node.next();
        assertThat(node.hasNothing()).isTrue();

        node.accept(clusters);

        assertThat(node.next().resources()).isEqualTo(Map.of("new", "1"));
    }

    @Test
    void a_change_that_comes_while_one_is_on_its_way_goes_out_in_its_place() {
        stream.target(FIRST);
        StubNode node = started(stream, Speaks.DELTA);
        stream.target(Structures.of(6, "CLUSTER a=1 b=2", "LISTENER l=1", "ROUTE r=1"));
        Answer second = node.next();

        stream.target(Structures.of(7, "CLUSTER a=1 b=3", "LISTENER l=1", "ROUTE r=1"));
        stream.target(Structures.of(8, "CLUSTER a=1 b=4", "LISTENER l=1", "ROUTE r=1"));
        node.accept(second);

        assertThat(node.next().resources()).isEqualTo(Map.of("b", "4"));
        assertThat(node.hasNothing()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void at_most_eight_responses_with_routes_are_unanswered(Speaks speaks) {
        stream.target(Structures.of(1, "ROUTE r=0"));
        StubNode node = new StubNode(stream, speaks);
        node.subscribe(ROUTE, "r");
        node.settle();
        List<Answer> unanswered = new ArrayList<>();
        for (int share = 1; share <= 8; share++) {
            stream.target(Structures.of(1 + share, "ROUTE r=" + share));
            unanswered.add(node.next());
        }

        stream.target(Structures.of(10, "ROUTE r=9"));
        assertThat(node.hasNothing()).isTrue();
        stream.target(Structures.of(11, "ROUTE r=10"));
        assertThat(node.hasNothing()).isTrue();
        node.accept(unanswered.getFirst());

        assertThat(node.next().resources()).as("only the last").isEqualTo(Map.of("r", "10"));
        assertThat(node.hasNothing()).isTrue();
        unanswered.stream().skip(1).forEach(node::accept);
        assertThat(stream.acceptedUpTo()).as("the last is unanswered").isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shares_pass_a_cluster_response_that_is_never_answered(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(stream, speaks);
        stream.target(Structures.of(6, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=1>a"));
        assertThat(node.next().type()).isEqualTo(CLUSTER);

        stream.target(Structures.of(7, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=2>a+b"));

        assertThat(node.next().resources()).isEqualTo(Map.of("r", "2"));
    }
}
