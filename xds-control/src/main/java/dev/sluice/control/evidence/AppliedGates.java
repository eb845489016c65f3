package dev.sluice.control.evidence;

import com.google.common.collect.Maps;
import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The gates by which a sidecar decides, as it last reported. Immutable; equal to itself alone. */
public final class AppliedGates {
    /** A sidecar that has reported nothing. */
    public static final AppliedGates NONE =
            new AppliedGates(ArrayMap.of(Map.<GateName, Applied>of()), Map.of());

    private final ArrayMap<GateName, Applied> byName;
    private final Map<GateName, GateRevision> revisions;
    private final Map<GateName, Applied> killed;

    private AppliedGates(ArrayMap<GateName, Applied> byName, Map<GateName, Applied> killed) {
        this.byName = byName;
        this.killed = killed;
        this.revisions = Maps.transformValues(byName, Applied::revision);
    }

    /**
     * A revision that a node decides by.
     *
     * @param time since when, by its clock
     * @param kill of that revision; by whom it was given, and when and why, is the node's word
     * @param writesUnderWay writes of before that keep the next one from being applied
     */
    public record Applied(
            GateRevision revision, Instant time, Optional<Gate.Kill> kill, int writesUnderWay) {
        /** Of a revision that is not killed, and waits for no write. */
        public Applied(GateRevision revision, Instant time) {
            this(revision, time, Optional.empty(), 0);
        }

        private Applied byBoth(Applied other) {
            Applied lower = other.revision.isBelow(revision) ? other : this;
            long writes = (long) writesUnderWay + other.writesUnderWay;
            return new Applied(
                    lower.revision,
                    lower.time,
                    lower.kill,
                    (int) Math.min(writes, Integer.MAX_VALUE));
        }
    }

    /** Of the gates that it holds. */
    public Map<GateName, Applied> byName() {
        return byName;
    }

    /** The revisions of the same; a view. */
    public Map<GateName, GateRevision> revisions() {
        return revisions;
    }

    /** Those of them that are killed there; few, as a rule none. */
    public Map<GateName, Applied> killed() {
        return killed;
    }

    /** Gates of which the other says another thing, or which one of them alone has. */
    public Set<GateName> differing(AppliedGates other) {
        return this == other ? Set.of() : byName.differing(other.byName);
    }

    /**
     * What a node has applied where one process decides by these and another by those: of each gate
     * the lower revision.
     */
    AppliedGates byBoth(AppliedGates other) {
        Map<GateName, Applied> both = new HashMap<>(byName);
        other.byName.forEach((gate, applied) -> both.merge(gate, applied, Applied::byBoth));
        return NONE.next(both);
    }

    /**
     * What a later report says; these very gates when it says nothing new, as most reports of a
     * large fleet do, which are to leave nothing behind.
     *
     * @param reported with what is as before as the object of before
     */
    public AppliedGates next(Map<GateName, Applied> reported) {
        return byName.equals(reported)
                ? this
                : new AppliedGates(ArrayMap.of(reported), killed(Map.of(), reported, Set.of()));
    }

    /**
     * What a later report of changes says; these very gates when it has none.
     *
     * @param changed gates that are others since, or are held now
     * @param released gates that are held no more, but for those in {@code changed}
     */
    public AppliedGates next(Map<GateName, Applied> changed, Set<GateName> released) {
        return changed.isEmpty() && released.isEmpty()
                ? this
                : new AppliedGates(
                        byName.next(changed, released), killed(killed, changed, released));
    }

    private static Map<GateName, Applied> killed(
            Map<GateName, Applied> before, Map<GateName, Applied> changed, Set<GateName> released) {
        if (before.isEmpty() && changed.values().stream().allMatch(one -> one.kill().isEmpty())) {
            return before;
        }
        Map<GateName, Applied> killed = new HashMap<>(before);
        killed.keySet().removeAll(released);
        changed.forEach((gate, now) -> {
            if (now.kill().isPresent()) {
                killed.put(gate, now);
            } else {
                killed.remove(gate);
            }
        });
        return Map.copyOf(killed);
    }
}
