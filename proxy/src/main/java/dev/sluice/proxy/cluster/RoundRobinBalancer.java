package dev.sluice.proxy.cluster;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Endpoints in turn, each as often as its weight says and spread evenly: in each step every
 * endpoint gains its weight, the richest is chosen and pays the sum of all weights. Starts at a
 * random step, so that loops and proxies do not all begin with the same endpoint. Loop-owned.
 */
final class RoundRobinBalancer implements Balancer {
    private final List<Endpoint> endpoints;
    private final long[] credit;
    private final boolean equal;
    private final long sum;
    private int next;

    RoundRobinBalancer(List<Endpoint> endpoints, RandomGenerator random) {
        this.endpoints = endpoints;
        credit = new long[endpoints.size()];
        sum = endpoints.stream().mapToLong(Endpoint::weight).sum();
        equal = endpoints.stream().mapToInt(Endpoint::weight).distinct().count() == 1;
        next = random.nextInt(credit.length);
        for (int i = 0; !equal && i < next; i++) {
            choose();
        }
    }

    @Override
    public Endpoint choose() {
        return endpoints.get(equal ? nextInTurn() : richest());
    }

    private int nextInTurn() {
        int chosen = next;
        next = chosen + 1 == credit.length ? 0 : chosen + 1;
        return chosen;
    }

    private int richest() {
        int best = 0;
        for (int i = 0; i < credit.length; i++) {
            credit[i] += endpoints.get(i).weight();
            if (credit[i] > credit[best]) {
                best = i;
            }
        }
        credit[best] -= sum;
        return best;
    }
}
