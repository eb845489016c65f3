package dev.sluice.control.orchestrate;

import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import java.time.Instant;
import java.util.List;

/** What is known of the live nodes that hold gates. Thread-safe. */
public interface Fleet {
    /** Live nodes that do not report the present revision of each of these gates applied. */
    List<NodeName> lagging(Catalog catalog, List<GateState> gates);

    /** Live sidecars of these gates from which no report came lately. */
    List<NodeName> silent(Catalog catalog, List<GateState> gates, Instant now);
}
