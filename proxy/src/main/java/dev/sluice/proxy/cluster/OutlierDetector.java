package dev.sluice.proxy.cluster;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.EndpointOutcomes;
import dev.sluice.proxy.endpoint.EndpointOutcomes.Volume;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.Origins;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.Streak;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Leaves endpoints of one cluster out for a while because of their answers (Envoy outlier
 * detection). Loops tell each result and see at once when a streak is long enough; who is out, and
 * rates over an interval, belong to the configuration thread. Results are thread-safe, the rest is
 * owned by the configuration thread.
 */
final class OutlierDetector {
    private static final System.Logger LOG = System.getLogger(OutlierDetector.class.getName());
    private static final int GATEWAY_ERROR = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    private final Cluster cluster;
    private final OutlierSpec spec;
    private final ConfigurationThread thread;
    private final RandomGenerator random;
    private final Map<InetSocketAddress, History> records = new HashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder total = new LongAdder();
    private final LongAdder overflow = new LongAdder();
    private ConfigurationThread.Cancellable next = () -> {};

    /** What is remembered of an endpoint that was ejected. */
    private static final class History {
        private int multiplier;
        private long ejectedAt;
    }

    /** Why an endpoint is left out, in Envoy's words. */
    private enum Reason {
        CONSECUTIVE_5XX,
        CONSECUTIVE_GATEWAY_FAILURE,
        CONSECUTIVE_LOCAL_ORIGIN_FAILURE,
        SUCCESS_RATE,
        SUCCESS_RATE_LOCAL_ORIGIN,
        FAILURE_PERCENTAGE,
        FAILURE_PERCENTAGE_LOCAL_ORIGIN
    }

    OutlierDetector(
            Cluster cluster, OutlierSpec spec, ConfigurationThread thread, RandomGenerator random) {
        this.cluster = cluster;
        this.spec = spec;
        this.thread = thread;
        this.random = random;
    }

    void start() {
        next = thread.after(spec.ejection().interval(), this::look);
    }

    void stop() {
        next.cancel();
    }

    /** Endpoints that are out now. */
    int active() {
        return active.get();
    }

    /** Ejections so far. */
    long total() {
        return total.sum();
    }

    /** Ejections that did not happen because too many endpoints were out. */
    long overflow() {
        return overflow.sum();
    }

    /** An answer came; on any loop. */
    void answered(Endpoint endpoint, int status) {
        EndpointOutcomes outcomes = endpoint.outcomes();
        if (spec.origins() == Origins.APART) {
            outcomes.reached();
        }
        count(endpoint, status);
    }

    /** No answer came; on any loop. */
    void failed(Endpoint endpoint, Failure failure) {
        if (spec.origins() == Origins.TOGETHER) {
            count(endpoint, failure == Failure.TIMEOUT ? GATEWAY_TIMEOUT : GATEWAY_ERROR);
            return;
        }
        endpoint.outcomes().notReached();
        check(
                endpoint,
                spec.localFailures(),
                endpoint.outcomes().localFailures(),
                Reason.CONSECUTIVE_LOCAL_ORIGIN_FAILURE);
    }

    /** Why no answer came. */
    enum Failure {
        TIMEOUT,
        OTHER
    }

    private void count(Endpoint endpoint, int status) {
        EndpointOutcomes outcomes = endpoint.outcomes();
        outcomes.answered(status);
        if (status >= 500) {
            check(
                    endpoint,
                    spec.gatewayFailures(),
                    outcomes.gatewayFailures(),
                    Reason.CONSECUTIVE_GATEWAY_FAILURE);
            check(endpoint, spec.serverErrors(), outcomes.serverErrors(), Reason.CONSECUTIVE_5XX);
        }
    }

    private void check(Endpoint endpoint, Streak streak, int length, Reason reason) {
        if (length > 0 && length % streak.count() == 0) {
            thread.execute(() -> eject(endpoint, reason, streak.enforcing()));
        }
    }

    private void look() {
        List<Endpoint> endpoints = cluster.endpoints();
        forget(endpoints);
        boolean changed = false;
        for (Endpoint endpoint : endpoints) {
            changed |= readmit(endpoint);
        }
        if (changed) {
            cluster.replan();
        }
        rates(
                endpoints,
                EndpointOutcomes::takeAnswers,
                Reason.SUCCESS_RATE,
                Reason.FAILURE_PERCENTAGE);
        if (spec.origins() == Origins.APART) {
            rates(
                    endpoints,
                    EndpointOutcomes::takeConnections,
                    Reason.SUCCESS_RATE_LOCAL_ORIGIN,
                    Reason.FAILURE_PERCENTAGE_LOCAL_ORIGIN);
        }
        next = thread.after(spec.ejection().interval(), this::look);
    }

    /** An endpoint that went is out no more. */
    private void forget(List<Endpoint> endpoints) {
        List<InetSocketAddress> known = endpoints.stream().map(Endpoint::address).toList();
        records.keySet().retainAll(known);
        active.set((int) endpoints.stream().filter(one -> one.health().isEjected()).count());
    }

    private boolean readmit(Endpoint endpoint) {
        History record = records.get(endpoint.address());
        if (record == null) {
            return false;
        }
        if (!endpoint.health().isEjected()) {
            record.multiplier = Math.max(0, record.multiplier - 1);
            return false;
        }
        long out =
                Math.min(
                        spec.ejection().base().toNanos() * record.multiplier,
                        spec.ejection().max().toNanos());
        if (cluster.now() - record.ejectedAt < out) {
            return false;
        }
        endpoint.health().readmit(cluster.now());
        endpoint.outcomes().forgive();
        active.decrementAndGet();
        LOG.log(
                System.Logger.Level.INFO,
                "cluster {0}: endpoint {1} is used again",
                cluster.name(),
                endpoint.address());
        return true;
    }

    private void rates(
            List<Endpoint> endpoints,
            Function<EndpointOutcomes, Volume> take,
            Reason slower,
            Reason failing) {
        Map<Endpoint, Volume> volumes = new HashMap<>();
        endpoints.forEach(one -> volumes.put(one, take.apply(one.outcomes())));
        boolean local = slower == Reason.SUCCESS_RATE_LOCAL_ORIGIN;
        OutlierSpec.SuccessRate rate = spec.successRate();
        List<Endpoint> compared = enough(endpoints, volumes, rate.requestVolume());
        OptionalDouble least = Outliers.leastRate(rates(compared, volumes), rate);
        for (Endpoint endpoint : compared) {
            if (least.isPresent() && rate(volumes, endpoint) < least.getAsDouble()) {
                eject(endpoint, slower, local ? rate.enforcingLocal() : rate.enforcing());
            }
        }
        OutlierSpec.FailurePercentage most = spec.failurePercentage();
        List<Endpoint> busy = enough(endpoints, volumes, most.requestVolume());
        if (busy.size() >= most.minimumHosts()) {
            for (Endpoint endpoint : busy) {
                if (100 - rate(volumes, endpoint) >= most.threshold()) {
                    eject(endpoint, failing, local ? most.enforcingLocal() : most.enforcing());
                }
            }
        }
    }

    private static List<Endpoint> enough(
            List<Endpoint> endpoints, Map<Endpoint, Volume> volumes, int volume) {
        List<Endpoint> enough = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            Volume seen = volumes.get(endpoint);
            if (!endpoint.health().isEjected() && seen != null && seen.total() >= volume) {
                enough.add(endpoint);
            }
        }
        return enough;
    }

    private static double rate(Map<Endpoint, Volume> volumes, Endpoint endpoint) {
        Volume volume = volumes.get(endpoint);
        return volume == null ? 100 : volume.successRate();
    }

    private static double[] rates(List<Endpoint> endpoints, Map<Endpoint, Volume> volumes) {
        return endpoints.stream().mapToDouble(one -> rate(volumes, one)).toArray();
    }

    private void eject(Endpoint endpoint, Reason reason, int enforcing) {
        List<Endpoint> endpoints = cluster.endpoints();
        boolean known =
                endpoints.stream().anyMatch(one -> one.address().equals(endpoint.address()));
        if (!known || endpoint.health().isEjected() || random.nextInt(100) >= enforcing) {
            return;
        }
        boolean first = spec.ejection().first() == OutlierSpec.First.ALWAYS && active.get() == 0;
        if (!first
                && 100.0 * (active.get() + 1) / endpoints.size() > spec.ejection().maxPercent()) {
            overflow.increment();
            return;
        }
        History record = records.computeIfAbsent(endpoint.address(), any -> new History());
        long base = spec.ejection().base().toNanos();
        if (record.multiplier * base < spec.ejection().max().toNanos() + base) {
            record.multiplier++;
        }
        record.ejectedAt = cluster.now();
        active.incrementAndGet();
        total.increment();
        endpoint.health().eject();
        cluster.replan();
        LOG.log(
                System.Logger.Level.WARNING,
                "cluster {0}: endpoint {1} is left out ({2}, {3} of {4} out)",
                cluster.name(),
                endpoint.address(),
                reason,
                active.get(),
                endpoints.size());
    }
}
