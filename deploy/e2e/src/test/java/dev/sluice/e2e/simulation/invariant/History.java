package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.control.change.LoggedEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What happened in a run, in its order: all that invariants look at. Used by one thread. */
public final class History {
    private final List<Fact> facts = new ArrayList<>();

    /** Something that happened. */
    public sealed interface Fact {
        /** Nanoseconds since the start. */
        long at();
    }

    /** A sidecar decided about a request. */
    public record Decided(long at, String node, String operation, String key, GateDecision decision)
            implements Fact {}

    /**
     * A write between two stores is over, which a sidecar let through to one of them first.
     *
     * @param begun when
     */
    public record Wrote(long at, long begun, String node, String key, GateDecision decision)
            implements Fact {}

    /**
     * The decided arm failed.
     *
     * @param repeated the request was repeated on the other arm
     */
    public record Failed(
            long at, String node, Operation operation, GateDecision decision, boolean repeated)
            implements Fact {}

    /** A sidecar took keys back by itself. */
    public record Tripped(long at, String node, GateName gate, String operation, String id)
            implements Fact {}

    /** An event is in the log. */
    public record Logged(long at, LoggedEvent event) implements Fact {
        @Override
        public String toString() {
            return "Logged[" + at + ", " + event.hash() + "]";
        }
    }

    /** Somebody asked for a kill, and it was granted, recorded or not. */
    public record Killed(long at, GateName gate) implements Fact {}

    /** A command was refused. */
    public record Refused(long at, String command, String why) implements Fact {}

    /** A sidecar lives, is dead, is cut off, or is not any more. */
    public record NodeIs(long at, String node, State state) implements Fact {
        public enum State {
            STARTED_WITH_STATE,
            STARTED_WITHOUT_STATE,
            DEAD,
            CUT,
            HEALED,
            /** It has a stream of gates. */
            LISTENING,
            /** It lost its stream. */
            DEAF
        }
    }

    /** The control plane lives or is dead. */
    public record ControlIs(long at, boolean alive) implements Fact {}

    /** A request at a sidecar did not get its own whole answer. */
    public record Unanswered(long at, String node, String request, String why) implements Fact {}

    /** Connections were still there long after their sidecar was asked to leave. */
    public record Stayed(long at, String node, int connections) implements Fact {}

    /** The run could not go on. */
    public record Broke(long at, String why) implements Fact {}

    /** What gates sidecars hold when all has been calm for long. */
    public record AtTheEnd(long at, Map<String, Map<GateName, Gate>> held, Map<GateName, Gate> log)
            implements Fact {
        @Override
        public String toString() {
            return "AtTheEnd[" + at + "]";
        }
    }

    public void add(Fact fact) {
        facts.add(fact);
    }

    public List<Fact> facts() {
        return facts;
    }

    /** Of every fact in its order: the same for the same seed. */
    public String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            facts.forEach(fact -> digest.update(fact.toString().getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
