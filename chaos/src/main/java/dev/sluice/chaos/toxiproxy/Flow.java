package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Ending;
import dev.sluice.chaos.toxiproxy.toxic.Outlet;
import dev.sluice.chaos.toxiproxy.toxic.Stage;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * One direction of one connection: bytes enter, pass the stages of the toxics that bite this
 * connection, and leave to the sink. Owned by the connection's event loop.
 */
final class Flow {
    private record Placed(Toxic toxic, Outlet out, Stage stage) {
        boolean isFor(Toxic other) {
            return toxic.name().equals(other.name()) && toxic.type() == other.type();
        }
    }

    private final Stage sink;
    private final Outlet entry;
    private final BiFunction<Toxic, Outlet, Stage> stages;
    private List<Placed> chain = List.of();
    private boolean dropped;

    /**
     * @param sink where the bytes leave
     * @param stages makes the stage of a toxic
     */
    Flow(Stage sink, BiFunction<Toxic, Outlet, Stage> stages) {
        this.sink = sink;
        this.entry = new Outlet(sink);
        this.stages = stages;
    }

    void data(ByteBuf chunk) {
        entry.data(chunk);
    }

    /** The sender has finished; a second call does nothing. */
    void end() {
        entry.end(Ending.FINISH);
    }

    /** Whether the sender should pause. */
    boolean full() {
        return sink.full() || chain.stream().anyMatch(placed -> placed.stage().full());
    }

    /**
     * Brings the stages in line with the toxics: those that are gone let go of what they hold, the
     * last of the chain first so that no byte overtakes another; those that changed go on with
     * their new attributes; new ones begin where they stand in the list.
     *
     * @param toxics all that bite this connection in this direction, in order
     */
    void apply(List<Toxic> toxics) {
        if (dropped) {
            return;
        }
        List<Placed> staying = leave(placed -> toxics.stream().noneMatch(placed::isFor));
        List<Placed> next = new ArrayList<>();
        for (int i = toxics.size() - 1; i >= 0; i--) {
            Toxic toxic = toxics.get(i);
            Stage after = next.isEmpty() ? sink : next.getFirst().stage();
            next.addFirst(placed(toxic, after, staying));
        }
        if (dropped) { // a stage that left or changed has ended the connection
            next.forEach(placed -> placed.stage().drop());
            return;
        }
        entry.turnTo(next.isEmpty() ? sink : next.getFirst().stage());
        chain = List.copyOf(next);
    }

    /** The connection is gone: everything held is released, and no call has an effect any more. */
    void drop() {
        dropped = true;
        entry.turnTo(sink);
        entry.end(Ending.CLOSE);
        chain.forEach(placed -> placed.stage().drop());
        chain = List.of();
    }

    /** Takes out whom {@code leaves} names; the others, in order. */
    private List<Placed> leave(Predicate<Placed> leaves) {
        List<Placed> present = chain; // which a stage that ends the connection empties
        List<Placed> staying = new ArrayList<>();
        for (int i = present.size() - 1; i >= 0 && !dropped; i--) {
            Placed placed = present.get(i);
            if (leaves.test(placed)) {
                Outlet before = i == 0 ? entry : present.get(i - 1).out();
                before.turnTo(placed.out().target());
                placed.stage().leave();
            } else {
                staying.addFirst(placed);
            }
        }
        return staying;
    }

    private Placed placed(Toxic toxic, Stage after, List<Placed> staying) {
        Optional<Placed> known = staying.stream().filter(placed -> placed.isFor(toxic)).findFirst();
        if (known.isEmpty()) {
            Outlet out = new Outlet(after);
            return new Placed(toxic, out, stages.apply(toxic, out));
        }
        Placed placed = known.get();
        placed.out().turnTo(after);
        if (!placed.toxic().equals(toxic)) {
            placed.stage().change(toxic);
        }
        return new Placed(toxic, placed.out(), placed.stage());
    }
}
