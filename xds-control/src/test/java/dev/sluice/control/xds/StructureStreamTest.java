package dev.sluice.control.xds;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Structures;
import dev.sluice.control.xds.StubNode.Answer;
import dev.sluice.control.xds.StubNode.Speaks;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StructureStreamTest {
    private static final Structure FIRST =
            Structures.of(5, "CLUSTER a=1 b=1", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1");

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
        StubNode node = started(speaks);
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
    void a_change_makes_before_it_breaks(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);

        stream.target(Structures.of(6, "CLUSTER b=1 c=1", "LISTENER l=2", "ROUTE r=2"));

        Answer added = node.next();
        assertThat(added.type()).isEqualTo(CLUSTER);
        assertThat(added.resources()).containsEntry("c", "1");
        assertThat(added.removed()).as("a is still used").isEmpty();
        assertThat(node.hasNothing()).as("routes wait for clusters").isTrue();

        node.accept(added);
        Answer listeners = node.next();
        Answer routes = node.next();
        assertThat(List.of(listeners.type(), routes.type())).containsExactly(LISTENER, ROUTE);
        node.accept(listeners);
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
        StubNode node = startedWithEndpoints(speaks);

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
        StubNode node = startedWithEndpoints(speaks);
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
        StubNode node = startedWithEndpoints(speaks);

        stream.target(
                Structures.of(6, "CLUSTER a=1 b=2", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1"));

        assertThat(node.settle()).extracting(Answer::type).containsExactly(CLUSTER);
    }

    @ParameterizedTest
    @EnumSource
    void a_refusal_stops_a_change_where_it_is_and_is_not_repeated(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER b=bad c=1", "LISTENER l=2", "ROUTE r=2"));

        node.refuse(node.next(), "no such file");

        assertThat(node.hasNothing()).as("neither again, nor the next step").isTrue();
        assertThat(stream.isSettled()).isFalse();
        assertThat(clusters().refusal()).isEqualTo("no such file");
        assertThat(clusters().acceptedVersion()).isEqualTo(FIRST.version(CLUSTER));
        stream.target(Structures.of(7, "CLUSTER b=bad c=1", "LISTENER l=2", "ROUTE r=2"));
        assertThat(node.hasNothing()).as("the same content of a later state").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void what_rode_with_a_refused_resource_is_sent_again_with_the_correction(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER a=1 b=bad c=1", "LISTENER l=1", "ROUTE r=1"));
        node.refuse(node.next(), "");

        stream.target(Structures.of(7, "CLUSTER a=1 b=good c=1", "LISTENER l=1", "ROUTE r=1"));

        assertThat(node.next().resources()).containsEntry("b", "good").containsEntry("c", "1");
        assertThat(clusters().refusal()).isEqualTo("refused without a reason");
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_change_that_is_taken_back_ends_settled(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(
                Structures.of(6, "CLUSTER a=bad b=1", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1"));
        node.refuse(node.next(), "bad");

        stream.target(FIRST.at(7));

        Answer back = node.next();
        assertThat(back.resources())
                .as("nobody knows what a proxy took over of what it refused")
                .containsEntry("a", "1");
        node.accept(back);
        node.settle();
        assertThat(stream.isSettled()).isTrue();
        assertThat(clusters().refusal()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_kill_passes_a_refused_cluster(Speaks speaks) {
        Structure first = Structures.of(5, "CLUSTER a=1", "LISTENER l=1", "ROUTE r=1 s=1");
        stream.target(first);
        StubNode node = new StubNode(stream, speaks);
        node.subscribe(CLUSTER);
        node.subscribe(LISTENER);
        node.subscribe(ROUTE, "r", "s");
        node.settle();
        stream.target(Structures.of(6, "CLUSTER a=bad", "LISTENER l=1", "ROUTE r=1 s=2"));
        node.refuse(node.next(), "bad");

        stream.urgentTarget(
                Structures.of(6, "CLUSTER a=bad", "LISTENER l=1", "ROUTE r=killed s=2"),
                Set.of("r"));

        Answer killed = node.next();
        assertThat(killed.type()).isEqualTo(ROUTE);
        assertThat(killed.resources()).containsEntry("r", "killed");
        assertThat(killed.resources().getOrDefault("s", "1"))
                .as("other routes wait on")
                .isEqualTo("1");
    }

    @Test
    void an_older_target_changes_nothing() {
        stream.target(Structures.of(7, "CLUSTER a=2"));
        StubNode node = new StubNode(stream, Speaks.DELTA);
        node.subscribe(CLUSTER);
        node.settle();

        stream.target(Structures.of(6, "CLUSTER a=1"));
        stream.urgentTarget(Structures.of(6, "CLUSTER a=1"), Set.of());

        assertThat(node.hasNothing()).isTrue();
    }

    @Test
    void a_change_that_comes_while_one_is_on_its_way_goes_out_in_its_place() {
        stream.target(FIRST);
        StubNode node = started(Speaks.DELTA);
        stream.target(Structures.of(6, "CLUSTER a=1 b=2", "LISTENER l=1", "ROUTE r=1"));
        Answer second = node.next();

        stream.target(Structures.of(7, "CLUSTER a=1 b=3", "LISTENER l=1", "ROUTE r=1"));
        stream.target(Structures.of(8, "CLUSTER a=1 b=4", "LISTENER l=1", "ROUTE r=1"));
        node.accept(second);

        assertThat(node.next().resources()).isEqualTo(Map.of("b", "4"));
        assertThat(node.hasNothing()).isTrue();
    }

    @Test
    void a_watch_that_was_taken_away_leaves_its_answer_to_the_next() {
        stream.target(FIRST);
        StubNode node = started(Speaks.WHOLE);
        node.cancelWatch(CLUSTER);

        stream.target(Structures.of(6, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=1"));

        assertThat(node.hasNothing()).isTrue();
        node.subscribe(CLUSTER);
        assertThat(node.next().resources()).containsEntry("a", "2");
    }

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

        node.resume(CLUSTER, FIRST.at(3).version(CLUSTER));

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
    void a_version_of_another_server_says_nothing() {
        stream.target(FIRST);
        StubNode node = new StubNode(stream, Speaks.WHOLE);

        node.resume(CLUSTER, "v42");

        assertThat(node.next().resources()).hasSize(2);
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
        StubNode node = started(Speaks.DELTA);

        node.subscribe(ROUTE, "r");

        assertThat(node.next().resources()).isEqualTo(Map.of("r", "1"));
    }

    @Test
    void who_unsubscribed_hears_no_more_and_gets_it_anew_later() {
        stream.target(FIRST);
        StubNode node = started(Speaks.DELTA);

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

        assertThat(node.next().resources()).isEqualTo(Map.of("r", "1", "s", "1"));
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
        StubNode node = started(Speaks.WHOLE);
        stream.target(Structures.of(6, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=1"));
        Answer second = node.next();

        node.accept(new Answer(CLUSTER, "n1", "", Map.of(), Set.of()));

        assertThat(stream.isSettled()).isFalse();
        node.accept(second);
        node.settle();
        assertThat(stream.isSettled()).isTrue();
    }

    @Test
    void types_that_are_never_served_wait_for_ever() {
        stream.target(FIRST);

        stream.requested(DiscoveryRequest.newBuilder().setTypeUrl("type.example/Secret").build());
        stream.sent("type.example/Secret", "n");

        assertThat(stream.report()).isEmpty();
        assertThat(stream.isSettled()).isTrue();
    }

    private TypeStream.Report clusters() {
        return Objects.requireNonNull(stream.report().get(CLUSTER));
    }

    /** A node that asked for everything and accepted it. */
    private StubNode started(Speaks speaks) {
        StubNode node = new StubNode(stream, speaks);
        node.subscribe(CLUSTER);
        node.subscribe(LISTENER);
        node.subscribe(ROUTE, "r");
        node.settle();
        assertThat(stream.report()).containsOnlyKeys(CLUSTER, LISTENER, ROUTE);
        assertThat(stream.report().values())
                .as("all accepted")
                .allMatch(report -> report.sentVersion().equals(report.acceptedVersion()));
        return node;
    }

    private StubNode startedWithEndpoints(Speaks speaks) {
        StubNode node = started(speaks);
        node.subscribe(ENDPOINT, "a");
        assertThat(node.settle()).extracting(Answer::type).containsExactly(ENDPOINT);
        return node;
    }
}
