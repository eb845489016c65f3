package dev.sluice.proxy.filter;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.gate.ExchangeView;
import java.util.Map;

/**
 * What filters may see of an exchange. Loop-owned.
 *
 * @param view the request as the filters before left it
 * @param clusters of the configuration that the exchange is served by
 * @param loop that serves the exchange
 */
public record FilterRequest(ExchangeView view, Map<String, Cluster> clusters, Loop loop) {
    FilterRequest withView(ExchangeView other) {
        return new FilterRequest(other, clusters, loop);
    }
}
