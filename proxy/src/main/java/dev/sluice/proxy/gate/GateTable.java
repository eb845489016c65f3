package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.Acceptance;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.TakeBack;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The gates that this sidecar decides by, each swapped whole. Only a revision that is not below the
 * one held is accepted, so that a server which lags behind can't undo a kill. Thread-safe.
 *
 * <p><b>Writes.</b> One that follows a write authority is under way from before it is sure that its
 * gate is still in force: so either it sees a revision that holds it, or who asks whether that
 * revision is applied sees it. Once applied, a revision stays so.
 */
public final class GateTable {
    private final ConcurrentMap<GateName, Entry> entries = new ConcurrentHashMap<>();
    private final WritesUnderWay writes = new WritesUnderWay();
    private final HeldWrites heldWrites = new HeldWrites();
    private final GateWatches watches = new GateWatches();
    private volatile Runnable onApplied = () -> {};
    private volatile boolean waitsEnd;

    /**
     * A gate in force.
     *
     * @param held the gate and what this sidecar has latched on it
     * @param since when this sidecar began to decide by the revision
     * @param awaiting present while the revision is not applied yet
     */
    public record Entry(HeldGate held, Instant since, Optional<Awaiting> awaiting) {
        /**
         * The revision that is applied: this one, or the one before while this one holds writes of
         * which some that were decided before are not over; empty for an inline gate.
         */
        public Optional<Applied> applied() {
            return awaiting.isPresent()
                    ? awaiting.get().before()
                    : held.gate().revision().map(revision -> new Applied(revision, since));
        }

        private Entry with(HeldGate other) {
            return new Entry(other, since, awaiting);
        }
    }

    /** A revision that is applied, and since when. */
    public record Applied(GateRevision revision, Instant since) {}

    /**
     * That writes decided before a revision with a hold are under way.
     *
     * @param before what was applied before it
     */
    public record Awaiting(Optional<Applied> before) {}

    /** What became of an order to kill a gate here. */
    public sealed interface KillAnswer {
        /** All keys are in {@code from} from now on, until a revision acknowledges the kill. */
        record Killed(HeldGate held) implements KillAnswer {}

        /** No gate of this name is in force here. */
        record Unknown() implements KillAnswer {}

        /** The gate can't be taken back any more. */
        record Refused(Problem problem) implements KillAnswer {}
    }

    /** The gate of this name, if it is in force here. */
    public Optional<HeldGate> find(GateName name) {
        Entry entry = entries.get(name);
        return entry == null ? Optional.empty() : Optional.of(entry.held());
    }

    /** All gates in force, by name. */
    public List<Entry> all() {
        return entries.values().stream()
                .sorted((a, b) -> a.held().gate().name().compareTo(b.held().gate().name()))
                .toList();
    }

    /** Headers that gates in force take keys from, lower-case. */
    public Set<String> keyHeaders() {
        Set<String> names = new HashSet<>();
        for (Entry entry : entries.values()) {
            switch (entry.held().gate().bucketing().key()) {
                case KeySource.Header(String name) -> names.add(name);
                case KeySource.GrpcMetadata(String name) -> names.add(name);
                case KeySource.JwtClaim(String header, String _) -> names.add(header);
                case KeySource.Cookie _ -> names.add("cookie");
                case KeySource.PathSegment _,
                        KeySource.ClientIdentity _,
                        KeySource.PeerAddress _ -> {}
            }
        }
        return names;
    }

    /** Puts a gate in force, unless it is older than the one that is. */
    public Acceptance offer(Gate gate, Instant now) {
        Acceptance[] answer = new Acceptance[1];
        entries.compute(
                gate.name(),
                (name, known) -> {
                    Acceptance accepted =
                            known == null
                                    ? new Acceptance.Accepted(HeldGate.first(gate))
                                    : known.held().offer(gate);
                    answer[0] = accepted;
                    return accepted instanceof Acceptance.Accepted(HeldGate held)
                            ? new Entry(held, now, awaiting(held.gate(), known))
                            : known;
                });
        if (answer[0] instanceof Acceptance.Accepted) {
            settle(gate.name());
            watches.changed(gate.name());
        }
        return answer[0];
    }

    private static Optional<Awaiting> awaiting(Gate gate, @Nullable Entry known) {
        return gate.movesWriteAuthority() && gate.writeHold().isPresent()
                ? Optional.of(new Awaiting(known == null ? Optional.empty() : known.applied()))
                : Optional.empty();
    }

    /**
     * A write is about to be sent as a gate decided.
     *
     * @return to be released when it is over; empty: the gate is another by now and must decide
     *     anew
     */
    Optional<TraceDecisions.Hold> send(HeldGate by, GateDecision decision) {
        WritesUnderWay.Write write = writes.begin(decision.gate(), decision.bucket());
        if (isInForce(by)) {
            return Optional.of(() -> over(write));
        }
        over(write);
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // each change makes another
    private boolean isInForce(HeldGate held) {
        Entry entry = entries.get(held.gate().name());
        return entry != null && entry.held() == held;
    }

    private void over(WritesUnderWay.Write write) {
        writes.end(write);
        if (settle(write.gate())) {
            onApplied.run();
        }
    }

    /** Whether a revision became applied: it holds writes, and the last of those before is over. */
    private boolean settle(GateName name) {
        Entry entry = entries.get(name);
        return entry != null
                && entry.awaiting().isPresent()
                && underWay(entry) == 0
                && entries.replace(
                        name, entry, new Entry(entry.held(), entry.since(), Optional.empty()));
    }

    /** Writes of the held interval that were decided before and are not over. */
    public int underWay(Entry entry) {
        Gate gate = entry.held().gate();
        return entry.awaiting().isEmpty()
                ? 0
                : gate.writeHold().map(hold -> writes.in(gate.name(), hold)).orElse(0);
    }

    /**
     * Says who is told when a revision becomes applied since the last write before its hold is
     * over.
     *
     * @param action on the loop of that write; must not block
     */
    public void onApplied(Runnable action) {
        onApplied = action;
    }

    /** Runs an action after each change of a gate, on the thread that makes it, until it is run. */
    Runnable watch(GateName name, Runnable action) {
        return watches.watch(name, action);
    }

    /** From now on no write waits: who does is refused, since this proxy is about to end. */
    public void endWaits() {
        waitsEnd = true;
        watches.allChanged();
    }

    boolean waitsEnd() {
        return waitsEnd;
    }

    /** The writes that wait. */
    public HeldWrites heldWrites() {
        return heldWrites;
    }

    /**
     * From now on no decision from before this revision is honoured, if the gate still has it; to
     * be called some seconds after a revision that took keys back.
     */
    public void raiseFloor(GateName name, GateRevision revision) {
        entries.computeIfPresent(
                name,
                (same, known) ->
                        known.held().gate().revision().filter(revision::equals).isPresent()
                                ? known.with(known.held().withRaisedFloor())
                                : known);
    }

    /** Forgets a gate: routes that name it are refused from now on. */
    public void remove(GateName name) {
        entries.remove(name);
        watches.changed(name);
    }

    /** Takes all keys of a gate back, here alone and until a revision acknowledges the kill. */
    public KillAnswer kill(GateName name, HeldGate.LocalKill kill) {
        KillAnswer[] answer = {new KillAnswer.Unknown()};
        entries.computeIfPresent(
                name,
                (same, known) -> {
                    if (known.held().gate().takeBack() == TakeBack.FORBIDDEN) {
                        answer[0] = new KillAnswer.Refused(notTakenBack(name));
                        return known;
                    }
                    HeldGate killed = known.held().withLocalKill(kill);
                    answer[0] = new KillAnswer.Killed(killed);
                    return known.with(killed);
                });
        return answer[0];
    }

    /** Takes the keys of an operation back, here alone and until a revision acknowledges it. */
    public void trip(GateName name, String operation, String tripId) {
        entries.computeIfPresent(
                name, (same, known) -> known.with(known.held().withTrip(operation, tripId)));
    }

    private static Problem notTakenBack(GateName name) {
        return new Problem(
                "take_back",
                "FORBIDDEN at " + name,
                "FROM",
                "the point of no return is passed and legacy data is stale; repair forward on the"
                        + " new version");
    }
}
