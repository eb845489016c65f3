package dev.sluice.proxy.filter;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What filters may see of an exchange. Loop-owned.
 *
 * @param view the request as the filters before left it
 * @param random of the loop that serves the exchange
 * @param runtime values in force when the exchange began
 * @param leadsTo the cluster that the route leads to; empty where it leads nowhere, or a gate
 *     decides later
 */
public record FilterRequest(
        ExchangeView view,
        RandomGenerator random,
        RuntimeValues runtime,
        Function<ExchangeView, Optional<String>> leadsTo) {
    /** Draws whether it is within a share. */
    boolean draws(RuntimeShare setting) {
        PartsPerMillion share = runtime.share(setting);
        return share.isAll()
                || (!share.isNone() && share.contains(random.nextInt(PartsPerMillion.WHOLE)));
    }

    FilterRequest withView(ExchangeView other) {
        return new FilterRequest(other, random, runtime, leadsTo);
    }
}
