package dev.sluice.proxy.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws endpoints at random, each as often as its weight says. Loop-owned. */
final class WeightedDraw {
    private final List<Endpoint> endpoints;
    private final RandomGenerator random;

    /** Sum of the weights up to and with each endpoint. */
    private final long[] upTo;

    WeightedDraw(List<Endpoint> endpoints, RandomGenerator random) {
        this.endpoints = endpoints;
        this.random = random;
        upTo = new long[endpoints.size()];
        long sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += endpoints.get(i).weight();
            upTo[i] = sum;
        }
    }

    Endpoint draw() {
        if (upTo.length == 1) {
            return endpoints.getFirst();
        }
        long at = random.nextLong(upTo[upTo.length - 1]);
        int found = Arrays.binarySearch(upTo, at + 1);
        return endpoints.get(found < 0 ? -found - 1 : found);
    }
}
