package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.Acceptance;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Gate;
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

/**
 * The gates that this sidecar decides by, each swapped whole. Only a revision that is not below the
 * one held is accepted, so that a server which lags behind can't undo a kill. Thread-safe.
 */
public final class GateTable {
    private final ConcurrentMap<GateName, Entry> entries = new ConcurrentHashMap<>();

    /**
     * A gate in force.
     *
     * @param held the gate and what this sidecar has latched on it
     * @param since when this sidecar began to decide by the revision
     */
    public record Entry(HeldGate held, Instant since) {}

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
                            ? new Entry(held, now)
                            : known;
                });
        return answer[0];
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
                                ? new Entry(known.held().withRaisedFloor(), known.since())
                                : known);
    }

    /** Forgets a gate: routes that name it are refused from now on. */
    public void remove(GateName name) {
        entries.remove(name);
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
                    return new Entry(killed, known.since());
                });
        return answer[0];
    }

    /** Takes the keys of an operation back, here alone and until a revision acknowledges it. */
    public void trip(GateName name, String operation, String tripId) {
        entries.computeIfPresent(
                name,
                (same, known) ->
                        new Entry(known.held().withTrip(operation, tripId), known.since()));
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
