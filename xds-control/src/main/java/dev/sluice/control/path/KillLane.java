package dev.sluice.control.path;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.snapshot.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Kills that are out before the log has them. A kill must not wait for a disk, so it is published
 * on the caller's thread over the last committed state; until it is recorded, every catalog that is
 * published has it laid over, or a change on its way through the writer would seem to end it.
 *
 * <p>A kill goes out under a revision {@value #LEAP} above the gate's, so that no change that is
 * being written meanwhile has the same. It is recorded as it went out, so that its recording is no
 * news to anybody; only when the log has moved on meanwhile, it is recorded above that. A replica
 * that can't record it leaps by half, so that what the leader records is above what others have
 * out.
 *
 * <p>A replica that follows publishes so the kills that its leader has out.
 *
 * <p>Thread-safe: everything that is published passes through here, under one lock and so in order.
 * The publisher returns at once.
 */
final class KillLane {
    private static final long LEAP = 2_000;

    private final Supplier<Lifecycle> lifecycle;
    private final BooleanSupplier leads;
    private final Publisher publisher;
    private final Map<GateName, GateSpec> unrecorded = new TreeMap<>();
    private Catalog committed;

    /**
     * @param leads whether kills are recorded here
     */
    KillLane(
            Supplier<Lifecycle> lifecycle,
            BooleanSupplier leads,
            Publisher publisher,
            Catalog committed) {
        this.lifecycle = lifecycle;
        this.leads = leads;
        this.publisher = publisher;
        this.committed = committed;
    }

    /** Publishes a kill that is allowed, at once; says as what its gates are out. */
    synchronized Map<GateName, GateSpec> publishAhead(Command.OfKill kill, CommandContext context) {
        Catalog inForce = overlaid();
        Set<GateName> news = new TreeSet<>();
        for (GateSpec next : killed(lifecycle.get().decideKill(inForce, kill, context, Map.of()))) {
            GateName name = next.content().name();
            unrecorded.put(name, leaped(next));
            news.add(name);
        }
        if (!news.isEmpty()) {
            publisher.publishKill(overlaid(), news);
        }
        return published(inForce, kill);
    }

    /** Publishes kills that another replica has out. */
    synchronized void publishAhead(List<GateSpec> kills) {
        Set<GateName> news = new TreeSet<>();
        for (GateSpec kill : kills) {
            GateName name = kill.content().name();
            if (!isSettled(kill, committed) && !kill.equals(unrecorded.put(name, kill))) {
                news.add(name);
            }
        }
        if (!news.isEmpty()) {
            publisher.publishKill(overlaid(), news);
        }
    }

    /** Publishes a newly committed state; a kill that it has recorded is no longer laid over. */
    synchronized void publish(Catalog newest) {
        committed = newest;
        unrecorded.values().removeIf(spec -> isSettled(spec, newest));
        publisher.publish(overlaid());
    }

    /** Takes back kills that the log has come to forbid, since what is not recorded is not done. */
    synchronized void drop(Set<GateName> gates) {
        if (unrecorded.keySet().removeAll(gates)) {
            publisher.publish(overlaid());
        }
    }

    /** The last committed state with all kills that are out. */
    synchronized Catalog inForce() {
        return overlaid();
    }

    private Map<GateName, GateSpec> published(Catalog inForce, Command.OfKill kill) {
        Map<GateName, GateSpec> out = new TreeMap<>();
        for (GateState gate : inForce.gatesOf(lifecycle.get().whole(inForce, kill.target()))) {
            GateSpec spec = unrecorded.get(gate.name());
            if (spec != null) {
                out.put(gate.name(), spec);
            }
        }
        return out;
    }

    private Catalog overlaid() {
        return unrecorded.isEmpty()
                ? committed
                : committed.overlaid(new ArrayList<>(unrecorded.values()));
    }

    private static boolean isSettled(GateSpec out, Catalog newest) {
        return newest.gate(out.content().name())
                .filter(gate -> gate.revision().isBelow(out.revision()))
                .isEmpty();
    }

    private GateSpec leaped(GateSpec next) {
        long leap = leads.getAsBoolean() ? LEAP : LEAP / 2;
        return next.withRevision(
                new GateRevision(next.revision().epoch(), next.revision().number() + leap));
    }

    private static List<GateSpec> killed(Decision decision) {
        return switch (decision) {
            case Decision.Refused _ -> List.of();
            case Decision.Change(var events) ->
                    events.stream()
                            .filter(GatesRevised.class::isInstance)
                            .map(GatesRevised.class::cast)
                            .flatMap(revised -> revised.gates().stream())
                            .toList();
        };
    }
}
