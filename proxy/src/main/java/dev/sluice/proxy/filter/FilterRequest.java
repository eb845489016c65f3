package dev.sluice.proxy.filter;

import dev.sluice.proxy.gate.ExchangeView;
import java.util.random.RandomGenerator;

/**
 * What filters may see of an exchange. Loop-owned.
 *
 * @param view the request as the filters before left it
 * @param random of the loop that serves the exchange
 */
public record FilterRequest(ExchangeView view, RandomGenerator random) {
    FilterRequest withView(ExchangeView other) {
        return new FilterRequest(other, random);
    }
}
