package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.gate.Position.Buckets;
import java.time.Duration;
import java.util.Optional;

/**
 * How the writes of a gate over two stores follow its keys. Of two sidecars that write one key,
 * both write the same store first, or updates are lost. So the writes of a bucket change sides
 * between two revisions: by the first they are held, and when every sidecar has applied it, by the
 * second they go to the other side.
 *
 * <p>What is on its way is in the gate itself, and nothing else has to remember it:
 *
 * <pre>
 *          share  authority  hold             then
 * raised   a      a          [a, b)           share and authority b
 * lowered  a      b          [a, b), or none  authority a
 * killed   any    b          [0, b), or none  authority 0
 * resumed  b      a          [a, b), or none  authority b
 * </pre>
 *
 * Immutable.
 */
record WriteMove(Gate gate) {
    /** Shortest and longest that a gate may say of the wait of a write. */
    static final Duration SHORTEST_WAIT = Duration.ofSeconds(3);

    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** How long one write is held at most. */
    static Duration maxWait(GateSpec spec) {
        return spec.writeMaxWait().orElse(Gate.WriteHold.DEFAULT_MAX_WAIT);
    }

    /** Whether the side that is written first is another in the two modes of a gate. */
    static boolean concerns(Gate gate) {
        return gate.storeKind() == StoreKind.SEPARATE
                && gate.from().authoritative() != gate.to().authoritative();
    }

    /** How far it has come. */
    Position position() {
        return concerns(gate)
                ? new Position(gate.share(), Optional.of(gate.writeAuthority()), buckets())
                : new Position(gate.share(), Optional.empty(), Optional.empty());
    }

    private Optional<Buckets> buckets() {
        return gate.writeHold().map(hold -> new Buckets(hold.fromBucket(), hold.toBucket()));
    }

    /** Whether nothing is on its way. */
    boolean isSettled() {
        return authority()
                .filter(now -> gate.writeHold().isPresent() || !now.equals(destination()))
                .isEmpty();
    }

    /** Whether all writes that are on their way are held. */
    boolean isHeld() {
        return authority()
                .flatMap(now -> between(now, destination()))
                .flatMap(needed ->
                        buckets()
                                .filter(held ->
                                        held.from() <= needed.from() && held.to() >= needed.to()))
                .isPresent();
    }

    /** Whether a raise is on its way, of which nothing but the hold is in force yet. */
    boolean isRaise() {
        return raisedTo().isPresent();
    }

    /** The share once what is on its way has come. */
    PartsPerMillion comingShare() {
        return raisedTo().orElse(gate.share());
    }

    /** What a change of the share makes of it. */
    Position to(PartsPerMillion share, Holding holding) {
        if (share.equals(gate.share()) && !isRaise()) {
            return position();
        }
        Optional<PartsPerMillion> now = concerns(gate) ? started(share) : Optional.empty();
        if (now.isEmpty()) {
            return position().withShare(share);
        }
        if (holding == Holding.NOT_NEEDED) {
            return at(share, gate.isKilled() ? PartsPerMillion.NONE : share, Optional.empty());
        }
        if (share.compareTo(gate.share()) > 0) {
            return at(gate.share(), now.get(), between(now.get(), share));
        }
        PartsPerMillion then = gate.isKilled() ? PartsPerMillion.NONE : share;
        return at(share, now.get(), held(now.get(), then, holding));
    }

    /**
     * What a kill makes of it: nothing is held, since it may be out before it is recorded, and for
     * as long as it can't be.
     */
    Position killed() {
        return authority()
                .map(now -> at(gate.share(), now, Optional.empty()))
                .orElseGet(this::position);
    }

    /** What the end of a kill makes of it. */
    Position resumed(Holding holding) {
        return authority()
                .map(now ->
                        holding == Holding.NOT_NEEDED
                                ? at(gate.share(), gate.share(), Optional.empty())
                                : at(gate.share(), now, held(now, gate.share(), holding)))
                .orElseGet(this::position);
    }

    /** With all writes held that are on their way. */
    Position heldNow() {
        return authority()
                .map(now -> at(gate.share(), now, between(now, destination())))
                .orElseGet(this::position);
    }

    /** What was on its way has come. */
    Position arrived() {
        return at(comingShare(), destination(), Optional.empty());
    }

    /** The hold is over, and the writes are where they were. */
    Position released() {
        return authority()
                .map(now -> at(gate.share(), now, Optional.empty()))
                .orElseGet(this::position);
    }

    /** In the words of a refusal. */
    String inWords() {
        return authority().map(Object::toString).orElse("where the modes say")
                + " of its writes are on their way to "
                + destination();
    }

    /** Keys below this are written to NEW first; empty: the modes say it. */
    private Optional<PartsPerMillion> authority() {
        return concerns(gate)
                        && gate.writeAuthority()
                                instanceof Gate.WriteAuthority.NewBelow(PartsPerMillion below)
                ? Optional.of(below)
                : Optional.empty();
    }

    /** A gate from before there was an authority gets one by its first raise. */
    private Optional<PartsPerMillion> started(PartsPerMillion share) {
        boolean starts = !gate.isKilled() && share.compareTo(gate.share()) > 0;
        return authority().or(() -> starts ? Optional.of(gate.share()) : Optional.empty());
    }

    private Optional<PartsPerMillion> raisedTo() {
        return authority()
                .filter(now -> !gate.isKilled() && now.equals(gate.share()))
                .flatMap(now -> buckets().filter(held -> held.from() == now.value()))
                .map(held -> new PartsPerMillion(held.to()));
    }

    private PartsPerMillion destination() {
        return gate.isKilled() ? PartsPerMillion.NONE : comingShare();
    }

    private static Optional<Buckets> held(
            PartsPerMillion now, PartsPerMillion then, Holding holding) {
        return holding == Holding.NOW ? between(now, then) : Optional.empty();
    }

    private static Optional<Buckets> between(PartsPerMillion one, PartsPerMillion other) {
        int from = Math.min(one.value(), other.value());
        int to = Math.max(one.value(), other.value());
        return from == to ? Optional.empty() : Optional.of(new Buckets(from, to));
    }

    private static Position at(
            PartsPerMillion share, PartsPerMillion authority, Optional<Buckets> held) {
        return new Position(share, Optional.of(new Gate.WriteAuthority.NewBelow(authority)), held);
    }
}
