package dev.sluice.control.xds;

import dev.sluice.contract.NodeName;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who is told the name of every node of which something changed. Thread-safe. */
final class NodeWatchers {
    private final List<Consumer<NodeName>> watchers = new CopyOnWriteArrayList<>();

    /**
     * @param watcher must not block
     */
    NodeWatch add(Consumer<NodeName> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    void tell(NodeName name) {
        watchers.forEach(watcher -> watcher.accept(name));
    }
}
