package dev.sluice.control.admin.gate;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.contract.GateName;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.orchestrate.NodeStates;
import java.lang.ref.WeakReference;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gates as streams tell them: as they are, then each change. Thread-safe. */
final class GateChanges {
    private final NodeStates states;
    private final InstantSource clock;

    /** Of all who watch all gates, and kept by them alone. */
    private WeakReference<GateBoard> board = new WeakReference<>(null); // guarded by this

    GateChanges(NodeStates states, InstantSource clock) {
        this.states = states;
        this.clock = clock;
    }

    /**
     * What one stream tells.
     *
     * @param names gates to tell; empty for all
     */
    StateStreams.Shape<GateChange> of(Set<GateName> names) {
        GateBoard told = names.isEmpty() ? shared() : new GateBoard(states, clock, names);
        return new StateStreams.Shape<>(
                told::all,
                name -> Optional.of(GateChange.newBuilder().setDeleted(name).build()),
                StateStreams.Progress.once(
                        GateChange.newBuilder().setInSync(Empty.getDefaultInstance()).build()),
                _ -> false,
                _ -> Set.of());
    }

    private synchronized GateBoard shared() {
        @Nullable GateBoard shared = board.get();
        if (shared == null) {
            shared = new GateBoard(states, clock, Set.of());
            board = new WeakReference<>(shared);
        }
        return shared;
    }
}
