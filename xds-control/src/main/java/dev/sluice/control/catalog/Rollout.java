package dev.sluice.control.catalog;

import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.RingTrouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How far the newest structure has come through the rings. A ring that has it is served what is
 * declared now; one that is behind is served what was declared when it got its own. Immutable.
 *
 * @param revision place of the log at which the newest structure was declared
 * @param ring index of the last ring that got it; where it was aborted, of the last that had got it
 * @param good what all rings had last; empty while they have what is declared
 * @param rings in the order of the plan
 * @param stateTime when it came to that state
 * @param message why it is where it is, for people
 * @param troubles what halted it; empty unless it is HALTED
 * @param resumed place of the log at which a person let it go on last; 0 when nobody has
 */
public record Rollout(
        State state,
        long revision,
        int ring,
        Optional<Good> good,
        List<Ring> rings,
        Instant stateTime,
        String message,
        List<RingTrouble> troubles,
        long resumed) {
    public Rollout {
        rings = List.copyOf(rings);
        troubles = List.copyOf(troubles);
    }

    /** Where it is. */
    public enum State {
        /** Every ring has the newest structure. */
        COMPLETE,
        /** It is on its way. */
        ROLLING,
        /** It stands still since a node refused it or was silent. */
        HALTED,
        /** Every ring is back at the last structure that all of them had. */
        ABORTED
    }

    /**
     * Structure that all rings had.
     *
     * @param revision place of the log at which it was declared
     */
    public record Good(StructureMaps structure, long revision) {}

    /**
     * One ring.
     *
     * @param behind what it is served; empty when that is what is declared now
     * @param revision place of the log at which that was declared
     * @param since place of the log from which acceptances and refusals count
     * @param offeredTime when it got it
     * @param appliedTime when every live node of it had accepted it; it bakes from here
     */
    public record Ring(
            Optional<StructureMaps> behind,
            long revision,
            long since,
            Instant offeredTime,
            Optional<Instant> appliedTime) {
        private static Ring offered(long revision, LoggedEvent by) {
            return new Ring(
                    Optional.empty(), revision, by.seq(), by.stamp().time(), Optional.empty());
        }

        private Ring takenBack(Good good, StructureMaps declared, LoggedEvent by) {
            return revision == good.revision()
                    ? this
                    : new Ring(
                            Optional.of(
                                    good.structure().takenBackFrom(behind.orElse(declared), by)),
                            good.revision(),
                            by.seq(),
                            by.stamp().time(),
                            Optional.empty());
        }

        private Ring holding(StructureMaps structure) {
            return behind.isPresent()
                    ? this
                    : new Ring(Optional.of(structure), revision, since, offeredTime, appliedTime);
        }

        private Ring applied(Instant time) {
            return new Ring(behind, revision, since, offeredTime, Optional.of(time));
        }

        private Ring since(long seq) {
            return new Ring(behind, revision, seq, offeredTime, appliedTime);
        }
    }

    /** The ring that got the newest structure last. */
    public Ring current() {
        return rings.get(ring);
    }

    public boolean isLast(int index) {
        return index == rings.size() - 1;
    }

    /** Whether all rings are served the same. */
    public boolean isEven() {
        return rings.stream().allMatch(it -> it.revision() == rings.getFirst().revision());
    }

    /** Whether it is the next thing that may happen to this ring and revision. */
    public boolean isAt(int index, long asked) {
        return state == State.ROLLING && ring == index && revision == asked;
    }

    /** All rings have what is declared. */
    static Rollout complete(int rings, LoggedEvent by) {
        Ring done = Ring.offered(by.seq(), by).applied(by.stamp().time());
        return new Rollout(
                State.COMPLETE,
                by.seq(),
                rings - 1,
                Optional.empty(),
                IntStream.range(0, rings).mapToObj(_ -> done).toList(),
                by.stamp().time(),
                "every ring has what is declared",
                List.of(),
                0);
    }

    /** The same of as many rings, all of which have what all have now. */
    Rollout of(int count) {
        return count == rings.size()
                ? this
                : new Rollout(
                        state,
                        revision,
                        count - 1,
                        good,
                        IntStream.range(0, count).mapToObj(_ -> rings.getFirst()).toList(),
                        stateTime,
                        message,
                        troubles,
                        resumed);
    }

    /**
     * Something else is declared from the next event on, and the first ring gets it.
     *
     * @param before what is declared still
     */
    Rollout revised(StructureMaps before, String first, LoggedEvent by) {
        List<Ring> next = new ArrayList<>(rings.stream().map(it -> it.holding(before)).toList());
        next.set(0, Ring.offered(by.seq(), by));
        return new Rollout(
                State.ROLLING,
                by.seq(),
                0,
                good.or(() -> Optional.of(new Good(before, revision))),
                next,
                by.stamp().time(),
                "on its way to ring " + first,
                List.of(),
                0);
    }

    Rollout offered(int index, String id, LoggedEvent by) {
        return with(
                State.ROLLING,
                index,
                with(index, Ring.offered(revision, by)),
                "on its way to ring " + id,
                by);
    }

    Rollout applied(int index, String id, LoggedEvent by) {
        List<Ring> next = with(index, rings.get(index).applied(by.stamp().time()));
        return isLast(index)
                ? with(State.COMPLETE, index, next, "every ring has what is declared", by).evened()
                : with(State.ROLLING, index, next, "every node of ring " + id + " has it", by);
    }

    Rollout halted(String why, List<RingTrouble> found, LoggedEvent by) {
        return new Rollout(
                State.HALTED, revision, ring, good, rings, by.stamp().time(), why, found, resumed);
    }

    /** What was refused before counts no more. */
    Rollout resumed(String id, LoggedEvent by) {
        List<Ring> next = new ArrayList<>();
        for (int i = 0; i < rings.size(); i++) {
            next.add(i <= ring ? rings.get(i).since(by.seq()) : rings.get(i));
        }
        return new Rollout(
                State.ROLLING,
                revision,
                ring,
                good,
                next,
                by.stamp().time(),
                "goes on in ring " + id,
                List.of(),
                by.seq());
    }

    /**
     * Every ring is back at what all of them had.
     *
     * @param declared what those had that were not behind
     */
    Rollout aborted(StructureMaps declared, LoggedEvent by) {
        if (good.isEmpty()) {
            return this;
        }
        List<Ring> next = rings.stream().map(it -> it.takenBack(good.get(), declared, by)).toList();
        return with(State.ABORTED, ring, next, "every ring is back at what all had before", by);
    }

    private List<Ring> with(int index, Ring changed) {
        List<Ring> next = new ArrayList<>(rings);
        next.set(index, changed);
        return next;
    }

    private Rollout with(State to, int index, List<Ring> next, String why, LoggedEvent by) {
        return new Rollout(
                to, revision, index, good, next, by.stamp().time(), why, List.of(), resumed);
    }

    /** What all had before is of no use any more. */
    private Rollout evened() {
        return new Rollout(
                state,
                revision,
                ring,
                Optional.empty(),
                rings,
                stateTime,
                message,
                troubles,
                resumed);
    }
}
