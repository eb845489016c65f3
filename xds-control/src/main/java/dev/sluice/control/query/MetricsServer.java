package dev.sluice.control.query;

import dev.sluice.control.change.spec.QueryCriterion;
import java.time.Duration;

/** Who knows values. Implementations are thread-safe and block. */
@FunctionalInterface
interface MetricsServer {
    /**
     * Asks for one value as of now.
     *
     * @param query complete
     * @param lookBack how old a sample may be
     */
    Reply ask(QueryCriterion.Source source, String query, Duration lookBack);
}
