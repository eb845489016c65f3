package dev.sluice.control.xds;

import dev.sluice.contract.NodeName;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.NodeSpec;

/** Who comes and goes; calls come on gRPC threads and must not block. */
public interface NodeEvents {
    /** A node has opened its first stream, or says something new of itself. */
    void connected(NodeSpec node);

    /** The last stream of a node broke. */
    void lost(NodeName node);

    /** A node said goodbye. */
    void left(NodeName node);

    /**
     * A node has moved keys back by itself, or would have; told again with every report while it is
     * in force.
     */
    void tripped(TripReport trip);

    /** Somebody killed a gate at a node; told again with every report while it is in force. */
    void killed(LocalKillReport kill);

    /** A node obeys a kill of a control plane; told again with every report while it does. */
    void obeyed(ObeyedKill kill);
}
