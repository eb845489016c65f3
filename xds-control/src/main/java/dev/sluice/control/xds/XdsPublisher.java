package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.snapshot.NodeProfile;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.StructureRenderer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings committed state to nodes: gates first, for they cost one small resource each, then the structure of every
 * profile that has nodes. States that came while one was being published are skipped but the last. Thread-safe.
 */
final class XdsPublisher implements Publisher {
    private final GateHub hub;
    private final NodeLedger ledger;
    private final Executor worker;
    private final Executor killLane;
    private final AtomicReference<@Nullable Catalog> waiting = new AtomicReference<>();
    private final Map<NodeProfile, Structure> rendered = new ConcurrentHashMap<>();
    private volatile Catalog current = Catalog.EMPTY;
    private volatile long handedOut;

    /**
     * @param worker runs one task at a time, in order
     * @param killLane likewise, and does nothing else
     */
    XdsPublisher(GateHub hub, NodeLedger ledger, Executor worker, Executor killLane) {
        this.hub = hub;
        this.ledger = ledger;
        this.worker = worker;
        this.killLane = killLane;
        ledger.structures(this::structure);
    }

    @Override
    public void publish(Catalog catalog) {
        if (waiting.getAndSet(catalog) == null) {
            worker.execute(this::publishWaiting);
        }
    }

    @Override
    public void publishKill(Catalog catalog, Set<GateName> gates) {
        killLane.execute(() -> hub.kill(catalog, gates));
        publish(catalog);
    }

    /** The state that was published last. */
    Catalog current() {
        return current;
    }

    private void publishWaiting() {
        Catalog catalog = waiting.getAndSet(null);
        if (catalog == null) {
            return;
        }
        current = catalog;
        hub.update(catalog);
        Map<NodeProfile, Structure> next = new HashMap<>();
        for (NodeProfile profile : ledger.profiles()) {
            next.put(profile, refreshed(profile, catalog));
        }
        rendered.keySet().retainAll(next.keySet());
        rendered.putAll(next);
        ledger.retarget(next);
        handedOut = catalog.seq();
    }

    /** Place of the log up to which every connected stream has its target. */
    long handedOut() {
        return handedOut;
    }

    /** A node that connects gets what its profile has now. */
    private Structure structure(NodeProfile profile) {
        return rendered.computeIfAbsent(profile, missing -> StructureRenderer.render(current, missing));
    }

    /** The structure of before stays when nothing in it changed, and with it its version. */
    private Structure refreshed(NodeProfile profile, Catalog catalog) {
        Structure fresh = StructureRenderer.render(catalog, profile);
        Structure before = rendered.getOrDefault(profile, Structure.EMPTY);
        return before.seq() > 0 && before.sameContent(fresh) ? before : fresh;
    }
}
