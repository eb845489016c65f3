package dev.sluice.control.admin.gate;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.contract.GateName;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gates as a stream tells them: as they are, then each change. Immutable.
 *
 * @param names gates to tell; empty for all
 */
record GateChanges(GateForm form, Set<GateName> names) {
    GateChanges {
        names = Set.copyOf(names);
    }

    StateStreams.Shape<GateChange> shape() {
        return new StateStreams.Shape<>(
                this::of,
                name -> Optional.of(GateChange.newBuilder().setDeleted(name).build()),
                StateStreams.Progress.once(
                        GateChange.newBuilder().setInSync(Empty.getDefaultInstance()).build()),
                _ -> false,
                _ -> Set.of());
    }

    private Map<String, GateChange> of(Catalog catalog) {
        Map<String, GateChange> changes = new LinkedHashMap<>();
        for (GateState gate : catalog.gates()) {
            if (names.isEmpty() || names.contains(gate.name())) {
                changes.put(
                        gate.name().name(),
                        GateChange.newBuilder().setGate(form.write(gate, catalog)).build());
            }
        }
        return changes;
    }
}
