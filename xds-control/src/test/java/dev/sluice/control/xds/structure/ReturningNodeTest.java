package dev.sluice.control.xds.structure;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static dev.sluice.control.xds.structure.Beginning.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Structures;
import dev.sluice.control.xds.structure.StubNode.Answer;
import dev.sluice.control.xds.structure.StubNode.Speaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node that comes back with what it has, which may be more than is known here. */
final class ReturningNodeTest {
    private final StructureStream stream = new StructureStream();

    @Test
    void a_returning_delta_node_gets_what_changed_and_what_went_while_it_was_away() {
        stream.target(FIRST);
        StubNode node = new StubNode(stream, Speaks.DELTA);

        node.resume(
                CLUSTER,
                Map.of(
                        "a", Structures.version("a", "0"),
                        "b", Structures.version("b", "1"),
                        "gone", Structures.version("gone", "1")));
        node.resume(LISTENER, Map.of("old", Structures.version("old", "1")));
        Answer clusters = node.next();
        Answer listeners = node.next();

        assertThat(clusters.resources()).isEqualTo(Map.of("a", "1"));
        assertThat(clusters.removed()).as("its routes may still use it").isEmpty();
        assertThat(listeners.removed()).containsExactly("old");
        node.accept(clusters);
        assertThat(node.hasNothing()).as("listeners are not accepted").isTrue();
        assertThat(stream.isSettled()).isFalse();
        node.accept(listeners);
        assertThat(node.next().removed()).containsExactly("gone");
    }

    @Test
    void a_returning_delta_node_that_has_everything_gets_an_empty_answer() {
        stream.target(Structures.of(5, "CLUSTER a=1", "ENDPOINT a=1"));
        StubNode node = new StubNode(stream, Speaks.DELTA);

        node.resume(CLUSTER, Map.of("a", Structures.version("a", "1")));
        node.resume(ENDPOINT, Map.of("a", Structures.version("a", "1")), "a");

        Answer answer = node.next();
        assertThat(answer.type()).isEqualTo(CLUSTER);
        assertThat(answer.resources()).isEmpty();
        assertThat(answer.removed()).isEmpty();
        assertThat(node.hasNothing()).isTrue();
    }

    @Test
    void a_returning_node_with_the_same_clusters_is_not_sent_them_again() {
        stream.target(FIRST);
        StubNode node = new StubNode(stream, Speaks.WHOLE);

        node.resume(CLUSTER, Structures.at(3, FIRST).version(CLUSTER));

        assertThat(node.hasNothing()).isTrue();
        assertThat(stream.isSettled()).isTrue();
        stream.target(Structures.of(6, "CLUSTER a=2 b=1"));
        assertThat(node.next().resources()).containsEntry("a", "2");
    }

    @Test
    void a_node_that_is_ahead_of_us_waits_until_we_know_as_much() {
        stream.target(FIRST);
        StubNode node = new StubNode(stream, Speaks.WHOLE);

        node.resume(CLUSTER, Structures.of(8, "CLUSTER a=8").version(CLUSTER));

        assertThat(node.hasNothing()).isTrue();
        assertThat(stream.isSettled()).isFalse();
        stream.target(Structures.of(7, "CLUSTER a=7"));
        assertThat(node.hasNothing()).isTrue();
        stream.target(Structures.of(8, "CLUSTER a=7"));
        assertThat(node.next().resources())
                .as("the same content at a place that is late enough")
                .containsEntry("a", "7");
    }

    @Test
    void a_returning_node_keeps_what_is_gone_until_it_has_the_present_routes() {
        Structure present =
                Structures.withFormer(
                        Structures.of(9, "CLUSTER b=1", "LISTENER l=1>r", "ROUTE r=2>b"),
                        "7 CLUSTER a=1",
                        "3 CLUSTER long-ago=1");
        stream.target(present);
        StubNode node = new StubNode(stream, Speaks.WHOLE);

        node.resume(CLUSTER, FIRST.version(CLUSTER));
        Answer clusters = node.next();
        node.accept(clusters);

        assertThat(clusters.resources())
                .as("it comes from event 5, when a was there and long-ago was not")
                .isEqualTo(Map.of("a", "1", "b", "1"));
        assertThat(clusters.version())
                .as("if it comes back with this, it still has a")
                .startsWith("00000000000000000006-");
        assertThat(node.hasNothing()).as("it has not said what else it has").isTrue();
        node.resume(LISTENER, FIRST.version(LISTENER));
        node.settle();
        node.resume(ROUTE, FIRST.version(ROUTE), "r");
        Answer routes = node.next();
        assertThat(node.hasNothing()).as("its routes may still use a").isTrue();
        node.accept(routes);
        Answer last = node.next();
        assertThat(last.resources()).isEqualTo(Map.of("b", "1"));
        assertThat(last.version()).isEqualTo(present.version(CLUSTER));
        node.accept(last);
        assertThat(stream.isSettled()).isTrue();
    }

    @Test
    void a_delta_node_that_is_ahead_of_us_is_sent_nothing_and_said_so_until_we_know_as_much() {
        List<String> told = new ArrayList<>();
        stream.onHeldBack(held -> told.add(held.type() + " " + held.what()));
        stream.target(FIRST);
        StubNode node = new StubNode(stream, Speaks.DELTA);

        node.resume(CLUSTER, Map.of("z", "00000000000000000008-" + "0".repeat(16)));

        assertThat(node.hasNothing()).isTrue();
        assertThat(told)
                .containsExactly(
                        "CLUSTER everything: the node knows event 8, this control plane only 5;"
                                + " is this an old copy of the log?");
        stream.target(Structures.of(8, "CLUSTER a=8"));
        assertThat(node.next().resources()).isEqualTo(Map.of("a", "8"));
        assertThat(stream.heldBack()).isEmpty();
    }

    @Test
    void a_log_that_was_restored_on_purpose_is_ahead_of_every_node() {
        stream.target(Structures.ofEpoch(2, FIRST));
        StubNode node = new StubNode(stream, Speaks.DELTA);

        node.resume(CLUSTER, Map.of("z", "00000001000000000800-" + "0".repeat(16)));

        assertThat(node.next().resources()).isEqualTo(Map.of("a", "1", "b", "1"));
    }

    @Test
    void a_delta_node_comes_back_with_the_versions_that_it_was_given() {
        stream.target(FIRST);
        StubNode node = new StubNode(stream, Speaks.DELTA);
        node.resume(
                CLUSTER,
                Map.of(
                        "a", "00000000000000000003-" + Structures.version("a", "1"),
                        "b", "00000000000000000005-" + Structures.version("b", "0")));

        assertThat(node.next().resources()).isEqualTo(Map.of("b", "1"));
    }

    @Test
    void a_version_of_another_server_says_nothing() {
        stream.target(FIRST);
        StubNode node = new StubNode(stream, Speaks.WHOLE);

        node.resume(CLUSTER, "v42");

        assertThat(node.next().resources()).hasSize(2);
    }
}
