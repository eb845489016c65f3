package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import java.util.List;
import java.util.random.RandomGenerator;

/** A locality in turn, by weight, and an endpoint within it. Loop-owned. */
final class LocalityBalancer implements Balancer {
    private final List<Balancer> within;
    private final EdfSchedule schedule;

    /**
     * @param weights of the localities, above 0
     * @param within one for each locality
     */
    LocalityBalancer(List<Double> weights, List<Balancer> within, RandomGenerator random) {
        this.within = List.copyOf(within);
        schedule = new EdfSchedule(weights.size(), weights::get, random);
    }

    @Override
    public Endpoint choose(long hash, int attempt) {
        return within.get(schedule.next()).choose(hash, attempt);
    }
}
