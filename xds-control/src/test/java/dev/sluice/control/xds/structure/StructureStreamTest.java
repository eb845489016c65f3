package dev.sluice.control.xds.structure;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Structures;
import dev.sluice.control.xds.structure.StubNode.Answer;
import dev.sluice.control.xds.structure.StubNode.Speaks;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
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
    void a_later_place_of_the_log_with_the_same_content_is_accepted_without_a_word(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);

        stream.target(
                Structures.of(9, "CLUSTER a=1 b=1", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1"));

        assertThat(node.hasNothing()).isTrue();
        assertThat(stream.acceptedUpTo()).hasValue(9);
        stream.target(FIRST);
        assertThat(stream.acceptedUpTo()).as("nothing goes back").hasValue(9);
    }

    @ParameterizedTest
    @EnumSource
    void a_change_makes_before_it_breaks(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);

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
    void what_was_refused_goes_apart_and_is_not_repeated(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        Structure change =
                Structures.of(6, "CLUSTER b=bad c=1", "LISTENER l=1", "ROUTE r=2>b s=1>c");
        stream.target(change);
        Answer clusters = node.next();
        node.settle();

        refuseBad(node, clusters);
        List<Answer> later = settleRefusingBad(node);

        assertThat(later)
                .as("what came with it is there at last")
                .anyMatch(
                        answer -> answer.type() == CLUSTER && answer.resources().containsKey("c"));
        assertThat(later.stream().filter(StructureStreamTest::isBad)).hasSize(1);
        assertThat(stream.isSettled()).isFalse();
        assertThat(clusters().refusal()).isEqualTo("no such file");
        stream.target(Structures.at(7, change));
        assertThat(node.hasNothing()).as("the same content of a later state").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_cluster_keeps_what_the_node_accepted(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER a=bad b=1", "LISTENER l=1", "ROUTE r=1"));

        refuseBad(node, node.next());

        assertThat(node.hasNothing()).as("neither again, nor anything else").isTrue();
        assertThat(clusters().refusal()).isEqualTo("no such file");
        assertThat(clusters().acceptedVersion()).isEqualTo(FIRST.version(CLUSTER));
        stream.target(Structures.at(7, FIRST));
        Answer back = node.next();
        assertThat(back.resources())
                .as("nobody knows what a proxy took over of what it refused")
                .containsEntry("a", "1");
        node.accept(back);
        assertThat(stream.isSettled()).isTrue();
        assertThat(clusters().refusal()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void what_rode_with_a_refused_resource_is_sent_again_with_the_correction(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER a=1 b=bad c=1", "LISTENER l=1", "ROUTE r=1"));
        node.refuse(node.next(), "");
        assertThat(clusters().refusal()).isEqualTo("refused without a reason");

        settleRefusingBad(node);
        stream.target(Structures.of(7, "CLUSTER a=1 b=good c=1", "LISTENER l=1", "ROUTE r=1"));
        List<Answer> last = node.settle();

        assertThat(last).isNotEmpty();
        assertThat(last.getLast().resources()).containsEntry("b", "good");
        assertThat(stream.isSettled()).isTrue();
        assertThat(clusters().refusal()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_resource_is_tried_again_when_others_of_its_type_changed(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER a=1 b=bad", "LISTENER l=1", "ROUTE r=1"));
        refuseBad(node, node.next());
        settleRefusingBad(node);

        stream.target(Structures.of(7, "CLUSTER a=2 b=bad", "LISTENER l=1", "ROUTE r=1"));

        Answer other = node.next();
        assertThat(other.resources()).containsEntry("a", "2").doesNotContainEntry("b", "bad");
        node.accept(other);
        Answer again = node.next();
        assertThat(again.resources()).containsEntry("b", "bad");
        node.accept(again);
        assertThat(node.settle()).isEmpty();
        assertThat(stream.isSettled()).as("it may have depended on the other").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_change_that_is_refused_after_it_was_taken_back_is_not_missed(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER a=bad b=1", "LISTENER l=1", "ROUTE r=1"));
        Answer bad = node.next();
        stream.target(Structures.of(7, "CLUSTER a=3 b=1", "LISTENER l=1", "ROUTE r=1"));

        refuseBad(node, bad);

        assertThat(node.next().resources()).containsEntry("a", "3");
    }

    @ParameterizedTest
    @EnumSource
    void shares_rollbacks_and_kills_pass_a_refused_cluster(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER a=1 b=bad c=1", "LISTENER l=1", "ROUTE r=1>a"));
        node.refuse(node.next(), "no such file");
        settleRefusingBad(node);

        for (int share = 2; share < 5; share++) {
            stream.target(
                    Structures.of(
                            5 + share,
                            "CLUSTER a=1 b=bad c=1",
                            "LISTENER l=1",
                            "ROUTE r=" + share + ">a+c"));

            Answer routes = node.next();
            assertThat(routes.type()).isEqualTo(ROUTE);
            assertThat(routes.resources()).isEqualTo(Map.of("r", "" + share));
            node.accept(routes);
            assertThat(stream.acceptedUpTo()).hasValue(5 + share);
        }
        assertThat(stream.isSettled()).as("the cluster is still refused").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shares_pass_a_cluster_response_that_is_never_answered(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(Structures.of(6, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=1>a"));
        assertThat(node.next().type()).isEqualTo(CLUSTER);

        stream.target(Structures.of(7, "CLUSTER a=2 b=1", "LISTENER l=1", "ROUTE r=2>a+b"));

        assertThat(node.next().resources()).isEqualTo(Map.of("r", "2"));
    }

    @ParameterizedTest
    @EnumSource
    void a_route_waits_for_a_cluster_that_the_node_refuses(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(speaks);
        stream.target(
                Structures.of(6, "CLUSTER a=1 b=1 c=bad", "LISTENER l=1", "ROUTE r=2>c s=1>a"));

        refuseBad(node, node.next());
        settleRefusingBad(node);

        assertThat(stream.acceptedUpTo()).isEmpty();
        stream.target(
                Structures.of(7, "CLUSTER a=1 b=1 c=good", "LISTENER l=1", "ROUTE r=2>c s=1>a"));
        assertThat(node.settle()).extracting(Answer::type).contains(CLUSTER, ROUTE);
        assertThat(stream.isSettled()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_route_table_that_is_refused_does_not_hold_up_another(Speaks speaks) {
        stream.target(Structures.of(5, "ROUTE r=1 s=1"));
        StubNode node = new StubNode(stream, speaks);
        node.subscribe(ROUTE, "r", "s");
        node.settle();
        stream.target(Structures.of(6, "ROUTE r=bad s=2"));

        refuseBad(node, node.next());
        List<Answer> later = settleRefusingBad(node);

        assertThat(later).extracting(Answer::resources).contains(Map.of("s", "2"));
        stream.target(Structures.of(7, "ROUTE r=bad s=3"));
        assertThat(node.next().resources()).as("the rest first").isEqualTo(Map.of("s", "3"));
        assertThat(node.next().resources()).as("then once more").isEqualTo(Map.of("r", "bad"));
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
    void what_names_something_that_is_not_there_is_withheld_and_told_once(Speaks speaks) {
        List<String> told = new ArrayList<>();
        stream.onHeldBack(held -> told.add(held.what()));
        stream.target(FIRST);
        StubNode node = started(speaks);

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
        StubNode node = started(Speaks.WHOLE);
        stream.target(
                Structures.of(6, "CLUSTER a=1 b=1 c=1", "LISTENER new=1>n", "ROUTE n=1>c r=1"));
        Answer clusters = node.next();
        assertThat(node.hasNothing()).isTrue();

        node.accept(clusters);

        assertThat(node.next().resources()).isEqualTo(Map.of("new", "1"));
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

    private static void refuseBad(StubNode node, Answer answer) {
        assertThat(isBad(answer)).isTrue();
        node.refuse(answer, "no such file");
    }

    private static boolean isBad(Answer answer) {
        return answer.resources().containsValue("bad");
    }

    /** Accepts everything that comes, but refuses what has the content {@code bad}. */
    private static List<Answer> settleRefusingBad(StubNode node) {
        List<Answer> taken = new ArrayList<>();
        while (!node.hasNothing()) {
            Answer answer = node.next();
            taken.add(answer);
            if (isBad(answer)) {
                refuseBad(node, answer);
            } else {
                node.accept(answer);
            }
        }
        return taken;
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
