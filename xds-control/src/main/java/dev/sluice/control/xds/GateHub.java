package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.PersistentMap;
import dev.sluice.control.snapshot.CompiledGates;
import dev.sluice.control.snapshot.CompiledGates.Compiled;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gates in force, and the streams that carry them. A gate never goes back to a lower revision:
 * a kill that is out stays, though the state that is being published was rendered before it.
 * Thread-safe.
 */
final class GateHub {
    private final Set<GateStream> streams = ConcurrentHashMap.newKeySet();
    private final Map<GateName, Compiled> ahead = new HashMap<>(); // guarded by this
    private volatile CompiledGates gates = CompiledGates.NONE;
    private volatile PersistentMap<GateName, GateRevision> retired = PersistentMap.empty();
    private volatile boolean loaded;

    /** The resource of a gate now. */
    Optional<Compiled> find(GateName name) {
        return Optional.ofNullable(gates.compiled().get(name));
    }

    /** The latest revision of a gate that is known here, also of one that was deleted. */
    Optional<GateRevision> known(GateName name) {
        return find(name).map(found -> found.state().revision()).or(() -> retired.get(name));
    }

    /** Whether any state was published; before, no gate can be told absent. */
    boolean isLoaded() {
        return loaded;
    }

    void add(GateStream stream) {
        streams.add(stream);
    }

    void remove(GateStream stream) {
        streams.remove(stream);
    }

    /** This is the state now; every stream sends what its node lacks. */
    @SuppressWarnings("ReferenceEquality") // of the very map
    void update(Catalog catalog) {
        CompiledGates before;
        boolean isWhole; // a node may hear of names of which nothing changed
        synchronized (this) {
            before = gates;
            isWhole = !loaded || retired != catalog.retiredGates();
            gates = withAhead(gates.next(catalog));
            retired = catalog.retiredGates();
            loaded = true;
        }
        if (isWhole) {
            streams.forEach(GateStream::push);
        } else {
            pushWhatDiffersFrom(before);
        }
    }

    /** These gates go out at once, before the state that they belong to. */
    void kill(Catalog catalog, Set<GateName> names) {
        CompiledGates before;
        synchronized (this) {
            before = gates;
            for (GateName name : names) {
                CompiledGates.compile(catalog, name)
                        .ifPresent(compiled -> ahead.put(name, compiled));
            }
            gates = withAhead(gates);
        }
        pushWhatDiffersFrom(before);
    }

    private void pushWhatDiffersFrom(CompiledGates before) {
        List<String> changed =
                gates.differing(before).stream().map(GateName::name).sorted().toList();
        if (!changed.isEmpty()) {
            streams.forEach(stream -> stream.push(changed));
        }
    }

    /** Gates published ahead stay until the state has them or something later. */
    private CompiledGates withAhead(CompiledGates next) {
        if (ahead.isEmpty()) {
            return next;
        }
        Map<GateName, Compiled> all = new HashMap<>(next.compiled());
        Collection<Compiled> early = List.copyOf(ahead.values());
        for (Compiled compiled : early) {
            GateName name = compiled.state().name();
            Compiled known = all.get(name);
            if (known == null
                    || known.state().revision().compareTo(compiled.state().revision()) >= 0) {
                ahead.remove(name);
            } else {
                all.put(name, compiled);
            }
        }
        return new CompiledGates(all);
    }
}
