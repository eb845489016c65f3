package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint.Availability;
import java.util.List;

/**
 * How many requests of a hundred each priority gets, and which of them are in panic: Envoy's
 * formula. A priority is worth its healthy share times the overprovisioning factor, at most 100 %;
 * what the first ones are not worth spills to the next ones, then to degraded endpoints. When all
 * together are worth less than 100 %, all are scaled up. Immutable.
 */
final class PriorityLoads {
    private final int[] healthy;
    private final int[] degraded;
    private final boolean[] panic;

    private PriorityLoads(int priorities) {
        healthy = new int[priorities];
        degraded = new int[priorities];
        panic = new boolean[priorities];
    }

    /**
     * What is known of the endpoints of one priority.
     *
     * @param total endpoints that count
     * @param healthy of these
     * @param degraded of these
     * @param healthyShare worth of the healthy ones, in the unit of {@code whole}
     * @param degradedShare worth of the degraded ones
     * @param whole worth of all
     */
    record Census(
            int total,
            int healthy,
            int degraded,
            long healthyShare,
            long degradedShare,
            long whole) {
        static final Census NOBODY = new Census(0, 0, 0, 0, 0, 0);

        /** One endpoint more. */
        Census with(Availability availability, long worth) {
            return switch (availability) {
                case HEALTHY ->
                        new Census(
                                total + 1,
                                healthy + 1,
                                degraded,
                                healthyShare + worth,
                                degradedShare,
                                whole + worth);
                case DEGRADED ->
                        new Census(
                                total + 1,
                                healthy,
                                degraded + 1,
                                healthyShare,
                                degradedShare + worth,
                                whole + worth);
                case UNAVAILABLE ->
                        new Census(
                                total + 1,
                                healthy,
                                degraded,
                                healthyShare,
                                degradedShare,
                                whole + worth);
            };
        }
    }

    /** Where a request goes. */
    record Choice(int priority, Availability availability) {}

    /**
     * @param censuses at least one
     * @param overprovisioning percent, Envoy's default 140
     * @param panicThreshold percent, 0..100
     */
    static PriorityLoads of(List<Census> censuses, int overprovisioning, int panicThreshold) {
        PriorityLoads loads = new PriorityLoads(censuses.size());
        int[] worth = new int[censuses.size()];
        int[] degradedWorth = new int[censuses.size()];
        for (int i = 0; i < worth.length; i++) {
            Census census = censuses.get(i);
            worth[i] = worth(census.healthyShare(), census.whole(), overprovisioning);
            degradedWorth[i] = worth(census.degradedShare(), census.whole(), overprovisioning);
        }
        int available = Math.min(100, sum(worth) + sum(degradedWorth));
        if (available > 0) {
            loads.spread(worth, degradedWorth, available);
        }
        loads.panic(censuses, available, panicThreshold);
        return loads;
    }

    /**
     * Where a request with this number goes.
     *
     * @param number the request's hash, or random
     */
    Choice choose(long number) {
        int left = (int) Long.remainderUnsigned(number, 100) + 1;
        for (int i = 0; i < healthy.length; i++) {
            left -= healthy[i];
            if (left <= 0) {
                return new Choice(i, Availability.HEALTHY);
            }
        }
        for (int i = 0; i < degraded.length; i++) {
            left -= degraded[i];
            if (left <= 0) {
                return new Choice(i, Availability.DEGRADED);
            }
        }
        throw new IllegalStateException("the loads of all priorities make no 100");
    }

    /** Percent of all requests that go to the healthy endpoints of a priority, or all in panic. */
    int healthy(int priority) {
        return healthy[priority];
    }

    /** Percent of all requests that go to the degraded endpoints of a priority. */
    int degraded(int priority) {
        return degraded[priority];
    }

    boolean isInPanic(int priority) {
        return panic[priority];
    }

    private static int worth(long share, long whole, int overprovisioning) {
        return whole == 0 ? 0 : (int) Math.min(100, overprovisioning * share / whole);
    }

    private void spread(int[] worth, int[] degradedWorth, int available) {
        int left = distribute(healthy, worth, 100, available);
        left = distribute(degraded, degradedWorth, left, available);
        int first = first(worth);
        if (first >= 0) {
            healthy[first] += left;
        } else {
            degraded[first(degradedWorth)] += left;
        }
    }

    private static int distribute(int[] loads, int[] worth, int most, int available) {
        int left = most;
        for (int i = 0; i < loads.length; i++) {
            loads[i] = Math.min(left, worth[i] * 100 / available);
            left -= loads[i];
        }
        return left;
    }

    private void panic(List<Census> censuses, int available, int threshold) {
        if (threshold == 0 && available == 0) {
            healthy[0] = 100; // leads to no endpoint, since there is no panic
            return;
        }
        boolean total = true;
        for (int i = 0; i < panic.length; i++) {
            Census census = censuses.get(i);
            double usable =
                    census.total() == 0
                            ? 0
                            : 100.0 * (census.healthy() + census.degraded()) / census.total();
            panic[i] = available != 100 && usable < threshold;
            total &= panic[i];
        }
        if (total) {
            byCount(censuses);
        }
    }

    /** All are in panic: health does not matter any more, only how many there are. */
    private void byCount(List<Census> censuses) {
        int all = censuses.stream().mapToInt(Census::total).sum();
        int left = 100;
        int first = 0;
        for (int i = healthy.length - 1; i >= 0; i--) {
            int total = censuses.get(i).total();
            healthy[i] = all == 0 ? 0 : 100 * total / all;
            degraded[i] = 0;
            left -= healthy[i];
            first = total > 0 ? i : first;
        }
        healthy[first] += left;
    }

    private static int first(int[] worth) {
        for (int i = 0; i < worth.length; i++) {
            if (worth[i] > 0) {
                return i;
            }
        }
        return -1;
    }

    private static int sum(int[] values) {
        int sum = 0;
        for (int value : values) {
            sum += value;
        }
        return sum;
    }
}
