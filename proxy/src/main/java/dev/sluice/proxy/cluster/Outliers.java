package dev.sluice.proxy.cluster;

import dev.sluice.proxy.snapshot.cluster.OutlierSpec.SuccessRate;
import java.util.Arrays;
import java.util.OptionalDouble;

/** The statistics of outlier detection. Pure. */
final class Outliers {
    private Outliers() {}

    /**
     * The lowest success rate that is not yet an outlier: the mean less so many standard deviations
     * (of the population, as in Envoy); empty when too few endpoints are compared.
     *
     * @param rates percent, of each endpoint with enough requests
     */
    static OptionalDouble leastRate(double[] rates, SuccessRate spec) {
        if (rates.length < spec.minimumHosts() || rates.length == 0) {
            return OptionalDouble.empty();
        }
        double mean = Arrays.stream(rates).average().orElseThrow();
        double variance =
                Arrays.stream(rates).map(rate -> (rate - mean) * (rate - mean)).average().orElse(0);
        return OptionalDouble.of(mean - Math.sqrt(variance) * spec.deviations() / 1000.0);
    }
}
