package dev.sluice.proxy.cluster;

import dev.sluice.proxy.cluster.HostResolver.Resolution;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery.StrictDns;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps the endpoints of one cluster in step with DNS: every address of every name is one. A name
 * that can't be looked up keeps the addresses it had. Owned by the configuration thread.
 */
final class DnsEndpoints {
    private final StrictDns discovery;
    private final HostResolver resolver;
    private final ConfigurationThread thread;
    private final Consumer<Function<EndpointSpec, List<InetSocketAddress>>> sink;
    private final Map<EndpointSpec, List<InetAddress>> found = new LinkedHashMap<>();
    private final List<EndpointSpec> hosts;
    private int outstanding;
    private boolean stopped;
    private ConfigurationThread.Cancellable next = () -> {};

    DnsEndpoints(
            StrictDns discovery,
            HostResolver resolver,
            ConfigurationThread thread,
            Consumer<Function<EndpointSpec, List<InetSocketAddress>>> sink) {
        this.discovery = discovery;
        this.resolver = resolver;
        this.thread = thread;
        this.sink = sink;
        hosts = discovery.load().endpoints();
    }

    /** Looks all names up, tells the result, and does so again after the refresh interval. */
    void start() {
        outstanding = hosts.size();
        if (outstanding == 0) {
            sink.accept(this::addresses);
        }
        for (EndpointSpec host : hosts) {
            resolver.resolve(
                    host.address().address(),
                    resolution -> thread.execute(() -> take(host, resolution)));
        }
    }

    void stop() {
        stopped = true;
        next.cancel();
    }

    private void take(EndpointSpec host, Resolution resolution) {
        switch (resolution) {
            case Resolution.Found(List<InetAddress> addresses) -> found.put(host, addresses);
            case Resolution.Failed failed -> found.putIfAbsent(host, List.of());
        }
        outstanding--;
        if (outstanding == 0 && !stopped) {
            sink.accept(this::addresses);
            next = thread.after(discovery.refresh(), this::start);
        }
    }

    /** Sorted, so that equal is equal. */
    private List<InetSocketAddress> addresses(EndpointSpec host) {
        return found.getOrDefault(host, List.of()).stream()
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .map(address -> new InetSocketAddress(address, host.address().port()))
                .toList();
    }
}
