package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy.LeastRequest;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The least loaded of some endpoints drawn at random: two choices are nearly as good as all (M.
 * Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001). Where weights differ
 * endpoints are taken in turn instead, each weight divided by the requests under way to the power
 * of the bias, as in Envoy. Loop-owned.
 */
final class LeastRequestBalancer implements Balancer {
    private final List<Endpoint> endpoints;
    private final int choices;
    private final RandomGenerator random;

    /** Absent while weights are all the same. */
    private final @Nullable EdfSchedule schedule;

    /**
     * @param endpoints at least one
     */
    LeastRequestBalancer(
            List<Endpoint> endpoints,
            LeastRequest spec,
            SlowStartWeight weight,
            RandomGenerator random) {
        this.endpoints = endpoints;
        this.random = random;
        choices = spec.choices();
        schedule =
                choices == LeastRequest.ALL || weight.isEqual(endpoints)
                        ? null
                        : new EdfSchedule(
                                endpoints.size(),
                                i -> biased(endpoints.get(i), weight, spec.activeBias()),
                                random);
    }

    @Override
    public Endpoint choose(long hash, int attempt) {
        if (schedule != null) {
            return endpoints.get(schedule.next());
        }
        return choices == LeastRequest.ALL ? leastOfAll() : leastOfSome();
    }

    private static double biased(Endpoint endpoint, SlowStartWeight weight, double bias) {
        return weight.of(endpoint) / Math.pow(endpoint.load().active() + 1.0, bias);
    }

    private Endpoint leastOfSome() {
        Endpoint best = draw();
        for (int i = 1; i < choices && endpoints.size() > 1; i++) {
            Endpoint other = draw();
            if (other.load().active() < best.load().active()) {
                best = other;
            }
        }
        return best;
    }

    /** Of those that are equally idle any one, each with the same chance. */
    private Endpoint leastOfAll() {
        Endpoint best = endpoints.getFirst();
        int least = best.load().active();
        int equal = 1;
        for (int i = 1; i < endpoints.size(); i++) {
            Endpoint other = endpoints.get(i);
            int active = other.load().active();
            equal = active == least ? equal + 1 : active < least ? 1 : equal;
            if (active < least || (active == least && random.nextInt(equal) == 0)) {
                best = other;
                least = active;
            }
        }
        return best;
    }

    private Endpoint draw() {
        return endpoints.get(random.nextInt(endpoints.size()));
    }
}
