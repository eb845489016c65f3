package dev.sluice.control.snapshot;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import java.util.Set;

/**
 * Port: brings committed state to the nodes. Implementations are thread-safe and return at once;
 * what they do takes place on threads of their own. A catalog may be skipped when a later one has
 * come; an earlier one after a later one never comes.
 */
public interface Publisher {
    /** This is the state now. */
    void publish(Catalog catalog);

    /**
     * As {@link #publish}, for a kill: these gates go out before everything else, without debounce,
     * rings or waiting for an ACK. The catalog may hold kills that the log does not have yet.
     */
    void publishKill(Catalog catalog, Set<GateName> gates);
}
