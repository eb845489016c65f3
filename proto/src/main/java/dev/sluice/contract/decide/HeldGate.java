package dev.sluice.contract.decide;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gate as one sidecar holds it: the last revision accepted, what the sidecar itself has taken
 * back, and the oldest carried decision that it still honours. Immutable; each change makes
 * another.
 *
 * <p><b>Floor.</b> A carried decision below the floor is stale. The floor rises at once to a
 * revision that kills, and to any other that takes keys back when {@link #withRaisedFloor} is
 * called some seconds later: requests that were under way stay on the side where they began, in
 * every service, and a sidecar that lags behind for longer cannot undo the rollback here. It stays
 * where a revision only adds keys.
 *
 * <p><b>Latches.</b> A trip or local kill stays until a revision lists its id in {@code
 * acknowledged_trips}.
 */
public final class HeldGate {
    private final Gate gate;
    private final Optional<GateRevision> floor;
    private final Optional<LocalKill> localKill;
    private final Map<String, String> trips;
    private final KeyBuffer.Prefix bucketPrefix;
    private final KeyBuffer.Prefix evidencePrefix;
    private final List<Optional<String>> ruleNames;
    private final List<Optional<Cohort>> cohorts;

    private HeldGate(
            Gate gate,
            Optional<GateRevision> floor,
            Optional<LocalKill> localKill,
            Map<String, String> trips) {
        this.gate = gate;
        this.floor = floor;
        this.localKill = localKill;
        this.trips = Map.copyOf(trips);
        this.bucketPrefix = new KeyBuffer.Prefix(gate.bucketing().salt().text(), 0);
        this.evidencePrefix = new KeyBuffer.Prefix(gate.name().name(), 1);
        this.ruleNames = gate.rules().stream().map(rule -> Optional.of(rule.name())).toList();
        this.cohorts = gate.rules().stream().map(rule -> rule.cohort().map(Cohort::new)).toList();
    }

    /**
     * A kill given at the sidecar's own admin endpoint.
     *
     * @param id in the space of trip ids: {@code {node_id}/{boot_id}/{n}}
     * @param reason why, for people
     * @param time when it was given, by the sidecar's clock
     */
    public record LocalKill(String id, String reason, Instant time) {}

    /** A gate that was not known before. */
    public static HeldGate first(Gate gate) {
        return new HeldGate(gate, gate.revision(), Optional.empty(), Map.of());
    }

    /** What becomes of this when the same gate comes again. */
    public Acceptance offer(Gate next) {
        if (!next.name().equals(gate.name())) {
            throw new IllegalArgumentException(next.name() + " offered to " + gate.name());
        }
        if (gate.revision().isEmpty() || next.revision().isEmpty()) {
            return new Acceptance.Accepted(follow(next));
        }
        GateRevision known = gate.revision().get();
        GateRevision offered = next.revision().get();
        int order = offered.compareTo(known);
        if (order > 0) {
            return new Acceptance.Accepted(follow(next));
        }
        if (order == 0 && next.equals(gate)) {
            return new Acceptance.Unchanged();
        }
        return new Acceptance.Refused(refusal(known, offered));
    }

    /** This with the sidecar's own kill, in force while keys may go back. */
    public HeldGate withLocalKill(LocalKill kill) {
        return new HeldGate(gate, floor, Optional.of(kill), trips);
    }

    /** This without the sidecar's own kill: it was resumed where it was given. */
    public HeldGate withoutLocalKill() {
        return new HeldGate(gate, floor, Optional.empty(), trips);
    }

    /**
     * Whether the present revision took keys back and requests decided before it are still
     * honoured.
     */
    public boolean isLowFloor(Gate before) {
        return !floor.equals(gate.revision()) && Preview.between(before, gate).movesBack();
    }

    /** This with the present revision as floor: no decision from before it is honoured any more. */
    public HeldGate withRaisedFloor() {
        return new HeldGate(gate, gate.revision(), localKill, trips);
    }

    /** This with the keys of an operation taken back under a trip id. */
    public HeldGate withTrip(String operation, String tripId) {
        Map<String, String> more = new HashMap<>(trips);
        more.put(operation, tripId);
        return new HeldGate(gate, floor, localKill, more);
    }

    public Gate gate() {
        return gate;
    }

    /** The oldest revision whose carried decisions are honoured; empty for an inline gate. */
    public Optional<GateRevision> floor() {
        return floor;
    }

    /** The sidecar's own kill, latched. */
    public Optional<LocalKill> localKill() {
        return localKill;
    }

    /** Latched trips: trip id by operation. */
    public Map<String, String> trips() {
        return trips;
    }

    /**
     * Whether every key is taken back now, by order of the control plane or of this sidecar; but
     * for writes that follow a write authority, which has its own order.
     */
    public boolean isKilled() {
        return gate.takeBack() == TakeBack.FROM
                && (gate.kill().isPresent() || localKill.isPresent());
    }

    /**
     * Whether the keys of this operation are taken back by the sidecar itself. Of a SEPARATE store
     * it moves reads only, since write authority changes fleet-wide.
     */
    public boolean isTripped(Operation operation) {
        return !trips.isEmpty()
                && gate.takeBack() == TakeBack.FROM
                && trips.containsKey(operation.name())
                && (gate.storeKind() == StoreKind.SHARED
                        || operation.operationClass() == OperationClass.READ);
    }

    /**
     * Whether requests of this operation go where the write authority is: nothing that moves reads
     * moves them.
     */
    boolean followsWriteAuthority(Operation operation) {
        return gate.movesWriteAuthority() && operation.operationClass() != OperationClass.READ;
    }

    /** The part of the key space that is in {@code to} for this reason. */
    PartsPerMillion bound(Reason reason) {
        return reason == Reason.WRITE_AUTHORITY
                        && gate.writeAuthority()
                                instanceof Gate.WriteAuthority.NewBelow(PartsPerMillion below)
                ? below
                : gate.share();
    }

    /** The hold that a decided request must wait for; empty: it may be sent. */
    public Optional<Gate.WriteHold> holding(GateDecision decision) {
        return decision.reason() == Reason.WRITE_AUTHORITY
                ? gate.writeHold().filter(hold -> hold.holds(decision.bucket()))
                : Optional.empty();
    }

    /** Whether a carried decision is too old, or speaks of a mode that is not in force. */
    boolean isStale(CarriedDecision carried) {
        if (!gate.hasInForce(carried.mode())) {
            return true;
        }
        return floor.isPresent()
                && (carried.revision().isEmpty() || carried.revision().get().isBelow(floor.get()));
    }

    /** Name of a rule by its index; empty for {@link Choice#NO_RULE}. */
    Optional<String> ruleName(int index) {
        return index == Choice.NO_RULE ? Optional.empty() : ruleNames.get(index);
    }

    /** Whose requests a rule is for, by its index; empty: everybody's. */
    Optional<Cohort> cohort(int rule) {
        return cohorts.get(rule);
    }

    KeyBuffer.Prefix bucketPrefix() {
        return bucketPrefix;
    }

    KeyBuffer.Prefix evidencePrefix() {
        return evidencePrefix;
    }

    private HeldGate follow(Gate next) {
        Map<String, String> latched = new HashMap<>(trips);
        latched.values().removeAll(next.acknowledgedTrips());
        Optional<LocalKill> kill =
                localKill.filter(local -> !next.acknowledgedTrips().contains(local.id()));
        return new HeldGate(next, floorAfter(next), kill, latched);
    }

    private Optional<GateRevision> floorAfter(Gate next) {
        boolean sameEpoch =
                floor.isPresent()
                        && next.revision().isPresent()
                        && next.revision().get().epoch() == floor.get().epoch();
        boolean kills = next.isKilled() && !gate.isKilled();
        return sameEpoch && !kills ? floor : next.revision();
    }

    private Problem refusal(GateRevision known, GateRevision offered) {
        return offered.equals(known)
                ? new Problem(
                        "revision",
                        offered + " of " + gate.name() + " with other content",
                        "a higher revision for every change",
                        "give the change a new number")
                : new Problem(
                        "revision",
                        offered + " of " + gate.name(),
                        "at least the known " + known,
                        "ask a control plane that is up to date; restoring an old state needs a"
                                + " new number, restoring a backup a higher epoch");
    }
}
