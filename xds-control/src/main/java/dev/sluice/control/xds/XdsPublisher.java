package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.snapshot.Audience;
import dev.sluice.control.snapshot.NextStructures;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.control.snapshot.Rings;
import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.xds.structure.StructureStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings committed state to nodes: gates first, for they cost one small resource each, then the
 * structure of all who are there. States that came while one was being published are skipped but
 * the last.
 *
 * <p>Every stream is told each state, also one that changes nothing for it: a node that moves on to
 * another replica says up to which place of the log it knows, and a replica that fell behind that
 * place would send it nothing.
 *
 * <p>Thread-safe: targets are set under one lock, so that neither a kill nor a node that connects
 * meanwhile gets an older state after a newer one.
 */
final class XdsPublisher implements Publisher {
    private final GateHub hub;
    private final NodeLedger ledger;
    private final Executor worker;
    private final Executor killLane;
    private final AtomicReference<@Nullable Order> waiting = new AtomicReference<>();
    private final AtomicLong orders = new AtomicLong();
    private final Object targets = new Object();
    private final Map<Audience, Structure> rendered = new HashMap<>(); // guarded by targets
    private long newestKill; // guarded by targets
    private boolean isPublished; // guarded by targets
    private volatile Catalog served = Catalog.EMPTY;

    /** A state to be published, and its place among all of them. */
    private record Order(Catalog catalog, long number) {}

    /**
     * @param worker runs one task at a time, in order
     * @param killLane likewise, and does nothing else
     */
    XdsPublisher(GateHub hub, NodeLedger ledger, Executor worker, Executor killLane) {
        this.hub = hub;
        this.ledger = ledger;
        this.worker = worker;
        this.killLane = killLane;
        ledger.serveBy(this::serve);
    }

    @Override
    public void publish(Catalog catalog) {
        if (waiting.getAndSet(order(catalog)) == null) {
            worker.execute(this::publishWaiting);
        }
    }

    /**
     * The state of a kill is published when the kill itself is out, or both would share the
     * processor; as a rule the one in which it is recorded has come by then.
     */
    @Override
    public void publishKill(Catalog catalog, Set<GateName> gates) {
        Order order = order(catalog);
        boolean isFirst = waiting.getAndSet(order) == null;
        killLane.execute(() -> {
            try {
                hub.kill(catalog, gates);
                killStructure(order);
            } finally {
                if (isFirst) {
                    worker.execute(this::publishWaiting);
                }
            }
        });
    }

    private Order order(Catalog catalog) {
        return new Order(catalog, orders.incrementAndGet());
    }

    /** The state that nodes were given last. */
    Catalog served() {
        return served;
    }

    /** Stock proxies have a gate as weights of routes. */
    private void killStructure(Order order) {
        Map<Audience, Structure> killed = new HashMap<>();
        for (Audience audience : byAudience(order.catalog()).keySet()) {
            if (audience.profile().kind() != NodeSpec.Kind.SLUICE) {
                killed.put(audience, audience.structure(order.catalog()));
            }
        }
        synchronized (targets) {
            newestKill = order.number();
            if (!killed.isEmpty()) {
                byAudience(order.catalog())
                        .forEach((audience, nodes) -> {
                            Structure structure = killed.get(audience);
                            if (structure != null) {
                                eachStream(nodes, stream -> stream.target(structure));
                            }
                        });
            }
        }
    }

    private void publishWaiting() {
        Order order = waiting.getAndSet(null);
        if (order == null) {
            return;
        }
        hub.update(order.catalog());
        Map<Audience, Structure> next = rendered(order.catalog());
        synchronized (targets) {
            if (order.number() < newestKill) {
                return; // the kill's own state, or a later one, waits
            }
            boolean isRetry = isPublished && Rings.isRetry(served, order.catalog());
            isPublished = true;
            served = order.catalog();
            rendered.clear();
            rendered.putAll(next);
            byAudience(served) // with nodes that connected meanwhile
                    .forEach((audience, nodes) -> target(nodes, structure(audience), isRetry));
        }
    }

    private void target(List<LiveNode> nodes, Structure structure, boolean isRetry) {
        eachStream(
                nodes,
                stream -> {
                    stream.target(structure);
                    if (isRetry) {
                        stream.retry();
                    }
                });
    }

    /** What all who are there should have; on the worker. */
    private Map<Audience, Structure> rendered(Catalog catalog) {
        Catalog last;
        Map<Audience, Structure> known;
        synchronized (targets) {
            last = served;
            known = Map.copyOf(rendered);
        }
        var structures = new NextStructures(last, catalog);
        Map<Audience, Structure> next = new HashMap<>();
        for (Audience audience : byAudience(catalog).keySet()) {
            Structure before = known.get(audience);
            next.put(
                    audience,
                    before == null ? audience.structure(catalog) : structures.of(audience, before));
        }
        return next;
    }

    /**
     * A node that connects gets what others like it have now; before the first state was published
     * it waits for it, for "nothing" would take everything from a node that comes back.
     */
    private void serve(NodeSpec node, StructureStream stream) {
        synchronized (targets) {
            if (isPublished) {
                stream.target(structure(Audience.of(served, node)));
            }
        }
    }

    private Structure structure(Audience audience) {
        return rendered.computeIfAbsent(audience, missing -> missing.structure(served));
    }

    /** The nodes that have a stream of structure, by what they should have. */
    private Map<Audience, List<LiveNode>> byAudience(Catalog catalog) {
        Map<Audience, List<LiveNode>> all = new HashMap<>();
        for (LiveNode node : ledger.nodes()) {
            if (node.hasStructure()) {
                all.computeIfAbsent(Audience.of(catalog, node.spec()), _ -> new ArrayList<>())
                        .add(node);
            }
        }
        return all;
    }

    private void eachStream(List<LiveNode> nodes, Consumer<StructureStream> action) {
        for (LiveNode node : nodes) {
            node.streams().forEach(action);
            ledger.told(node.spec().name());
        }
    }
}
