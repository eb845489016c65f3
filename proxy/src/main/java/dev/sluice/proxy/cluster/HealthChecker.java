package dev.sluice.proxy.cluster;

import dev.sluice.proxy.cluster.EndpointCheck.Change;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.probe.ProbeFactory;
import dev.sluice.proxy.probe.Verdict;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Jitter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Checks the endpoints of one cluster, each on one of the event loops, and leaves out those that
 * are not well. Owned by the configuration thread.
 */
final class HealthChecker {
    private static final System.Logger LOG = System.getLogger(HealthChecker.class.getName());

    private final Cluster cluster;
    private final HealthCheckSpec spec;
    private final List<Loop> loops;
    private final ConfigurationThread thread;
    private final RandomGenerator random;
    private final ProbeFactory probes;
    private final Runnable onFirst;
    private final Map<InetSocketAddress, Running> running = new HashMap<>();

    /**
     * @param onFirst run when every endpoint has had its first check
     */
    HealthChecker(
            Cluster cluster,
            HealthCheckSpec spec,
            List<Loop> loops,
            ConfigurationThread thread,
            RandomGenerator random,
            ProbeFactory probes,
            Runnable onFirst) {
        this.cluster = cluster;
        this.spec = spec;
        this.loops = loops;
        this.thread = thread;
        this.random = random;
        this.probes = probes;
        this.onFirst = onFirst;
    }

    /** Checks the endpoints that the cluster has now. */
    void follow() {
        List<Endpoint> endpoints =
                cluster.endpoints().stream().filter(one -> one.spec().check().checked()).toList();
        Set<InetSocketAddress> kept =
                endpoints.stream().map(Endpoint::address).collect(Collectors.toSet());
        running.entrySet()
                .removeIf(entry -> !kept.contains(entry.getKey()) && entry.getValue().stop());
        for (Endpoint endpoint : endpoints) {
            Running known = running.get(endpoint.address());
            if (known == null) {
                Running fresh = new Running(endpoint);
                running.put(endpoint.address(), fresh);
                fresh.start();
            } else {
                known.endpoint = endpoint;
            }
        }
    }

    /** Whether every endpoint has had its first check. */
    boolean isSettled() {
        return running.values().stream().noneMatch(one -> one.check.isFirst());
    }

    void stop() {
        running.values().forEach(Running::stop);
        running.clear();
    }

    private Duration spread(Duration base, Duration most, int percent) {
        long part = percent * base.toNanos() / 100;
        long more = part > 0 ? random.nextLong(part) : 0;
        long jitter = most.isZero() ? 0 : random.nextLong(most.toNanos());
        return base.plusNanos(more + jitter);
    }

    /** The checks of one endpoint. */
    private final class Running {
        private final EndpointCheck check;
        private Endpoint endpoint;
        private ConfigurationThread.Cancellable next = () -> {};
        private boolean stopped;

        Running(Endpoint endpoint) {
            this.endpoint = endpoint;
            check = new EndpointCheck(spec, endpoint.health());
        }

        void start() {
            Duration most = spec.intervals().jitter().initial();
            if (most.isZero()) {
                ask();
            } else {
                next = thread.after(spread(Duration.ZERO, most, 0), this::ask);
            }
        }

        boolean stop() {
            stopped = true;
            next.cancel();
            return true;
        }

        private void ask() {
            InetSocketAddress remote = remote();
            String host = endpoint.spec().check().hostname();
            Loop loop = loops.get(Math.floorMod(remote.hashCode(), loops.size()));
            loop.executor()
                    .execute(() ->
                            probes.create(loop.executor(), cluster.spec(), spec)
                                    .ask(
                                            remote,
                                            host,
                                            verdict -> thread.execute(() -> taken(verdict))));
        }

        private void taken(Verdict verdict) {
            if (stopped) {
                return;
            }
            boolean wasFirst = check.isFirst();
            Change change = check.take(verdict, cluster.now());
            if (change == Change.CHANGED) {
                cluster.replan();
                LOG.log(
                        System.Logger.Level.INFO,
                        "cluster {0}: endpoint {1} is {2} by its health check",
                        cluster.name(),
                        endpoint.address(),
                        verdict);
            }
            Jitter jitter = spec.intervals().jitter();
            next =
                    thread.after(
                            spread(
                                    check.interval(change, verdict, !cluster.hasTraffic()),
                                    jitter.interval(),
                                    jitter.percent()),
                            this::ask);
            if (wasFirst && isSettled()) {
                onFirst.run();
            }
        }

        private InetSocketAddress remote() {
            HealthCheckSpec.OfEndpoint special = endpoint.spec().check();
            InetAddress address =
                    special.address()
                            .map(found -> InetAddress.ofLiteral(found.address()))
                            .orElse(endpoint.address().getAddress());
            int port =
                    special.port() != 0
                            ? special.port()
                            : special.address()
                                    .map(found -> found.port())
                                    .orElse(endpoint.address().getPort());
            return new InetSocketAddress(address, port);
        }
    }
}
