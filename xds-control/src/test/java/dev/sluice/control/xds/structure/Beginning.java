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

/** What nodes of these tests are offered first, and nodes that have accepted it. */
final class Beginning {
    static final Structure FIRST =
            Structures.of(5, "CLUSTER a=1 b=1", "ENDPOINT a=1", "LISTENER l=1", "ROUTE r=1");

    private Beginning() {}

    /** A node that asked for everything and accepted it. */
    static StubNode started(StructureStream stream, Speaks speaks) {
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

    /** The same, with the endpoints of {@code a}. */
    static StubNode startedWithEndpoints(StructureStream stream, Speaks speaks) {
        StubNode node = started(stream, speaks);
        node.subscribe(ENDPOINT, "a");
        assertThat(node.settle()).extracting(Answer::type).containsExactly(ENDPOINT);
        return node;
    }
}
