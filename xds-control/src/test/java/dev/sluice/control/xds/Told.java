package dev.sluice.control.xds;

import dev.sluice.contract.NodeName;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.testkit.Mailbox;

/** Node events in words, such as {@code connected web-1}. Thread-safe. */
final class Told implements NodeEvents {
    private final Mailbox<String> events = new Mailbox<>("an event of a node");

    Mailbox<String> events() {
        return events;
    }

    @Override
    public void connected(NodeSpec node) {
        events.put("connected " + node.name().nodeId());
    }

    @Override
    public void lost(NodeName node) {
        events.put("lost " + node.nodeId());
    }

    @Override
    public void left(NodeName node) {
        events.put("left " + node.nodeId());
    }

    @Override
    public void tripped(TripReport trip) {
        events.put("tripped " + trip.id());
    }

    @Override
    public void killed(LocalKillReport kill) {
        events.put("killed " + kill.id());
    }

    @Override
    public void obeyed(ObeyedKill kill) {
        events.put("obeyed " + kill.gate() + " " + kill.revision() + " " + kill.order());
    }
}
