package dev.sluice.control.xds.structure;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static dev.sluice.control.xds.structure.Beginning.FIRST;
import static dev.sluice.control.xds.structure.Beginning.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Structures;
import dev.sluice.control.xds.structure.StubNode.Answer;
import dev.sluice.control.xds.structure.StubNode.Speaks;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node is told of what it asks for, and which answers count. */
final class StructureStreamTest {
    private final StructureStream stream = new StructureStream();

    @ParameterizedTest
    @EnumSource
    void a_new_node_gets_what_it_asks_for_and_nothing_else(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = new StubNode(stream, speaks);

        node.subscribe(CLUSTER);
        Answer clusters = node.next();
        node.subscribe(ROUTE, "r");
        Answer routes = node.next();

        assertThat(clusters.resources()).isEqualTo(Map.of("a", "1", "b", "1"));
        assertThat(clusters.version()).isEqualTo(FIRST.version(CLUSTER));
        assertThat(routes.resources()).isEqualTo(Map.of("r", "1"));
        assertThat(node.hasNothing()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_node_of_which_nothing_is_known_is_told_so_at_once(Speaks speaks) {
        stream.target(Structure.EMPTY);
        StubNode node = new StubNode(stream, speaks);

        node.subscribe(CLUSTER);

        assertThat(node.next().resources())
                .as("a proxy waits for its first clusters before it starts")
                .isEmpty();
        assertThat(node.hasNothing()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_node_that_comes_before_the_first_state_waits_for_it(Speaks speaks) {
        StubNode node = new StubNode(stream, speaks);

        node.subscribe(CLUSTER);

        assertThat(node.hasNothing()).isTrue();
        assertThat(stream.isSettled()).isFalse();
        stream.target(FIRST);
        assertThat(node.next().resources()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_is_settled_when_everything_was_accepted(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(stream, speaks);
        assertThat(stream.isSettled()).isTrue();

        stream.target(Structures.of(6, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=1"));

        Answer change = node.next();
        assertThat(stream.isSettled()).as("sent").isFalse();
        node.accept(change);
        node.settle();
        assertThat(stream.isSettled()).as("accepted").isTrue();
        assertThat(clusters().acceptedVersion()).startsWith("00000000000000000006-");
    }

    @ParameterizedTest
    @EnumSource
    void a_later_place_of_the_log_with_the_same_content_is_accepted_without_a_word(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(stream, speaks);

        stream.target(
                Structures.of(9, "CLUSTER a=1 b=1", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1"));

        assertThat(node.hasNothing()).isTrue();
        assertThat(stream.acceptedUpTo()).hasValue(9);
        stream.target(FIRST);
        assertThat(stream.acceptedUpTo()).as("nothing goes back").hasValue(9);
    }

    @Test
    void an_older_target_changes_nothing() {
        stream.target(Structures.of(7, "CLUSTER a=2"));
        StubNode node = new StubNode(stream, Speaks.DELTA);
        node.subscribe(CLUSTER);
        node.settle();

        stream.target(Structures.of(6, "CLUSTER a=1"));

        assertThat(node.hasNothing()).isTrue();
    }

    @Test
    void a_watch_that_was_taken_away_leaves_its_answer_to_the_next() {
        stream.target(FIRST);
        StubNode node = started(stream, Speaks.WHOLE);
        node.cancelWatch(CLUSTER);

        stream.target(Structures.of(6, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=1"));

        assertThat(node.hasNothing()).isTrue();
        node.subscribe(CLUSTER);
        assertThat(node.next().resources()).containsEntry("a", "2");
    }

    @Test
    void an_absent_name_is_told_once_and_comes_when_it_is_there() {
        stream.target(Structures.of(5, "ROUTE r=1"));
        StubNode node = new StubNode(stream, Speaks.DELTA);

        node.subscribe(ROUTE, "r", "later");
        Answer first = node.next();
        node.accept(first);

        assertThat(first.resources()).isEqualTo(Map.of("r", "1"));
        assertThat(first.removed()).containsExactly("later");
        assertThat(node.hasNothing()).isTrue();
        stream.target(Structures.of(6, "ROUTE r=1 later=1"));
        Answer second = node.next();
        assertThat(second.resources()).isEqualTo(Map.of("later", "1"));
        node.accept(second);
        stream.target(Structures.of(7, "ROUTE r=1"));
        assertThat(node.next().removed()).as("gone again").containsExactly("later");
    }

    @Test
    void names_that_are_absent_are_not_spoken_of_to_a_state_of_the_world_node() {
        stream.target(Structures.of(5, "ROUTE r=1"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);

        node.subscribe(ROUTE, "later");

        assertThat(node.hasNothing()).isTrue();
        stream.target(Structures.of(6, "ROUTE r=1 later=1"));
        assertThat(node.next().resources()).isEqualTo(Map.of("later", "1"));
    }

    @Test
    void who_subscribes_again_gets_it_again() {
        stream.target(FIRST);
        StubNode node = started(stream, Speaks.DELTA);

        node.subscribe(ROUTE, "r");

        assertThat(node.next().resources()).isEqualTo(Map.of("r", "1"));
    }

    @Test
    void who_unsubscribed_hears_no_more_and_gets_it_anew_later() {
        stream.target(FIRST);
        StubNode node = started(stream, Speaks.DELTA);

        node.unsubscribe(ROUTE, "r");
        stream.target(Structures.of(6, "CLUSTER a=1 b=1", "LISTENER l=1", "ROUTE r=2"));

        assertThat(node.settle()).extracting(Answer::type).doesNotContain(ROUTE);
        node.subscribe(ROUTE, "r");
        assertThat(node.next().resources()).isEqualTo(Map.of("r", "2"));
    }

    @Test
    void a_name_that_comes_with_an_acceptance_is_answered() {
        stream.target(Structures.of(5, "ROUTE r=1 s=1"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);
        node.subscribe(ROUTE, "r");
        Answer first = node.next();

        node.acceptAsking(first, "r", "s");

        assertThat(node.next().resources()).isEqualTo(Map.of("s", "1"));
    }

    @Test
    void a_name_that_was_dropped_and_comes_back_is_sent_again() {
        stream.target(Structures.of(5, "ROUTE r=1 s=1"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);
        node.subscribe(ROUTE, "r", "s");
        node.settle();

        node.subscribe(ROUTE, "r");
        assertThat(node.hasNothing()).isTrue();
        node.subscribe(ROUTE, "r", "s");

        assertThat(node.next().resources()).containsKey("s");
    }

    @Test
    void an_answer_to_an_older_response_is_not_one_to_the_last() {
        stream.target(FIRST);
        StubNode node = started(stream, Speaks.WHOLE);
        stream.target(Structures.of(6, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=1"));
        Answer second = node.next();

        node.accept(new Answer(CLUSTER, "n1", "", Map.of(), Set.of()));

        assertThat(stream.isSettled()).isFalse();
        node.accept(second);
        node.settle();
        assertThat(stream.isSettled()).isTrue();
    }

    @Test
    void a_word_for_which_no_watch_is_opened_lets_other_types_go_on() {
        stream.target(Structures.of(5, "CLUSTER a=1", "ROUTE r=1>a"));
        StubNode node = new StubNode(stream, Speaks.WHOLE);
        node.subscribe(CLUSTER);
        Answer clusters = node.next();
        node.subscribe(ROUTE, "r");
        assertThat(node.hasNothing()).as("the route waits for its cluster").isTrue();

        stream.requested(
                DiscoveryRequest.newBuilder()
                        .setTypeUrl(CLUSTER.typeUrl())
                        .setResponseNonce(clusters.nonce())
                        .setVersionInfo(clusters.version())
                        .build());
        assertThat(node.hasNothing()).isTrue();
        stream.handed();

        assertThat(node.next().type()).isEqualTo(ROUTE);
    }

    @Test
    void types_that_are_never_served_wait_for_ever() {
        stream.target(FIRST);

        stream.requested(DiscoveryRequest.newBuilder().setTypeUrl("type.example/Secret").build());
        stream.sent("type.example/Secret", "n");

        assertThat(stream.report()).isEmpty();
        assertThat(stream.isSettled()).isTrue();
    }

    private StructureStream.Report clusters() {
        return Objects.requireNonNull(stream.report().get(CLUSTER));
    }
}
