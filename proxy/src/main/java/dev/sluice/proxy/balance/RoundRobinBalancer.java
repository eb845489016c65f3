package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Endpoints in turn, each as often as its weight says and spread evenly. Loop-owned. */
final class RoundRobinBalancer implements Balancer {
    private final List<Endpoint> endpoints;

    /** Absent while weights are all the same. */
    private final @Nullable EdfSchedule schedule;

    private int next;

    /**
     * @param endpoints at least one
     */
    RoundRobinBalancer(List<Endpoint> endpoints, SlowStartWeight weight, RandomGenerator random) {
        this.endpoints = endpoints;
        schedule =
                weight.isEqual(endpoints)
                        ? null
                        : new EdfSchedule(
                                endpoints.size(), i -> weight.of(endpoints.get(i)), random);
        next = random.nextInt(endpoints.size());
    }

    @Override
    public Endpoint choose(long hash, int attempt) {
        return endpoints.get(schedule == null ? inTurn() : schedule.next());
    }

    private int inTurn() {
        int chosen = next;
        next = chosen + 1 == endpoints.size() ? 0 : chosen + 1;
        return chosen;
    }
}
