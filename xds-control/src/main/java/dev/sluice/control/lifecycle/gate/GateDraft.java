package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.GateSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the control plane alone says of a gate, beside what a person wrote: its revision, set, how
 * far its keys and writes have come, kill and acknowledged trips. Immutable.
 */
public record GateDraft(
        GateRevision revision,
        Optional<GateSetName> gateSet,
        Position position,
        Optional<Gate.Kill> kill,
        Set<String> acknowledgedTrips) {
    static final int MOST_TRIPS = 10_000;

    /** The state of {@code gate} under its next revision. */
    public static GateDraft next(Gate gate, long epoch) {
        return new GateDraft(
                after(gate.revision(), epoch),
                gate.gateSet(),
                new WriteMove(gate).position(),
                gate.kill(),
                gate.acknowledgedTrips());
    }

    /** The first state of a gate whose name may have had revisions before. */
    static GateDraft first(Gate gate, Optional<GateRevision> retired, long epoch) {
        return new GateDraft(
                after(retired, epoch),
                Optional.empty(),
                new Position(gate.share(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                Set.of());
    }

    public GateDraft withShare(PartsPerMillion newShare) {
        return placed(position.withShare(newShare));
    }

    GateDraft placed(Position newPosition) {
        return new GateDraft(revision, gateSet, newPosition, kill, acknowledgedTrips);
    }

    GateDraft withSet(Optional<GateSetName> newSet) {
        return new GateDraft(revision, newSet, position, kill, acknowledgedTrips);
    }

    GateDraft withKill(Optional<Gate.Kill> newKill) {
        return new GateDraft(revision, gateSet, position, newKill, acknowledgedTrips);
    }

    /**
     * With the number that all gates of a set get by one change: decisions that one of them makes
     * are then never older to another than the change itself.
     */
    public GateDraft inStepWith(List<GateState> set) {
        GateRevision next = revision;
        for (GateState gate : set) {
            GateRevision own = after(Optional.of(gate.revision()), revision.epoch());
            next = next.isBelow(own) ? own : next;
        }
        return new GateDraft(next, gateSet, position, kill, acknowledgedTrips);
    }

    /** The same under a revision that is out already, when that is a later one. */
    Optional<GateDraft> at(GateRevision published) {
        return revision.isBelow(published)
                ? Optional.of(new GateDraft(published, gateSet, position, kill, acknowledgedTrips))
                : Optional.empty();
    }

    GateDraft above(GateRevision published) {
        GateRevision next =
                revision.isBelow(published)
                        ? new GateRevision(
                                Math.max(revision.epoch(), published.epoch()),
                                published.number() + 1)
                        : revision;
        return new GateDraft(next, gateSet, position, kill, acknowledgedTrips);
    }

    GateDraft withTrips(Set<String> trips) {
        return new GateDraft(revision, gateSet, position, kill, new TreeSet<>(trips));
    }

    /** The content that a person wrote, under this state. */
    public GateSpec over(GateSpec written) {
        Gate gate = written.content();
        Gate drafted =
                new Gate(
                        gate.name(),
                        gate.contractVersion(),
                        Optional.of(revision),
                        gateSet,
                        gate.legacyCluster(),
                        gate.newCluster(),
                        gate.storeKind(),
                        gate.from(),
                        gate.to(),
                        position.share(),
                        gate.bucketing(),
                        gate.rules(),
                        gate.takeBack(),
                        gate.maxStale(),
                        kill,
                        acknowledgedTrips,
                        gate.trip(),
                        new Gate.WriteAuthority.ByMode(),
                        Optional.empty(),
                        gate.fallback());
        return written.withContent(position.over(drafted, WriteMove.maxWait(written)));
    }

    private static GateRevision after(Optional<GateRevision> last, long epoch) {
        return last.map(before ->
                        new GateRevision(Math.max(epoch, before.epoch()), before.number() + 1))
                .orElseGet(() -> new GateRevision(epoch, 1));
    }
}
