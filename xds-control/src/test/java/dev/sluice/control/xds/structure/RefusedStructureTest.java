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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node refuses: what goes apart, what passes it, and when it is tried again. */
final class RefusedStructureTest {
    private final StructureStream stream = new StructureStream();

    @ParameterizedTest
    @EnumSource
    void what_was_refused_goes_apart_and_is_not_repeated(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(stream, speaks);
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
        assertThat(later.stream().filter(RefusedStructureTest::isBad)).hasSize(1);
        assertThat(stream.isSettled()).isFalse();
        assertThat(clusters().refusal()).isEqualTo("no such file");
        stream.target(Structures.at(7, change));
        assertThat(node.hasNothing()).as("the same content of a later state").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_cluster_keeps_what_the_node_accepted(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(stream, speaks);
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
        StubNode node = started(stream, speaks);
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
        StubNode node = started(stream, speaks);
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
        StubNode node = started(stream, speaks);
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
        StubNode node = started(stream, speaks);
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
    void a_route_waits_for_a_cluster_that_the_node_refuses(Speaks speaks) {
        stream.target(FIRST);
        StubNode node = started(stream, speaks);
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

    private StructureStream.Report clusters() {
        return Objects.requireNonNull(stream.report().get(CLUSTER));
    }
}
