package dev.sluice.chaos.xds;

import java.time.Duration;

/** What can be wrong between a node and its control plane. */
sealed interface XdsFault {
    /** Streams break, and new ones are refused. */
    record Partition() implements XdsFault {}

    /** Nothing passes in either direction, and nobody is told; it passes in order afterwards. */
    record BlackHole() implements XdsFault {}

    /** Each response comes twice. */
    record Duplicate() implements XdsFault {}

    /** After each response, the stream's first response of its type comes again. */
    record Stale() implements XdsFault {}

    /** Two responses change places; one that has no second comes when the fault ends. */
    record Reorder() implements XdsFault {}

    /** The content of each resource is not what its type says. */
    record BadResources() implements XdsFault {}

    /** What nodes say, their ACKs among it, comes so much later. */
    record SlowAck(Duration by) implements XdsFault {}

    /** Streams break, and new ones go to another control plane. */
    record Reroute(String host, int port) implements XdsFault {}
}
