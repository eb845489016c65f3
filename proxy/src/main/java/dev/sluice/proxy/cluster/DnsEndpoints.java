package dev.sluice.proxy.cluster;

import dev.sluice.proxy.cluster.HostResolver.Resolution;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery.Dns;
import dev.sluice.proxy.snapshot.cluster.DnsSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps the endpoints of one cluster in step with DNS: every address of every name is one, or one
 * address of the only name. A name that can't be looked up keeps the addresses it had. Owned by the
 * configuration thread.
 */
final class DnsEndpoints {
    private final Dns discovery;
    private final HostResolver resolver;
    private final ConfigurationThread thread;
    private final Consumer<Function<EndpointSpec, List<InetSocketAddress>>> sink;
    private final Map<EndpointSpec, List<InetAddress>> found = new LinkedHashMap<>();
    private final List<EndpointSpec> hosts;
    private int outstanding;
    private int failures;
    private boolean failing;
    private boolean stopped;
    private ConfigurationThread.Cancellable next = () -> {};

    DnsEndpoints(
            Dns discovery,
            HostResolver resolver,
            ConfigurationThread thread,
            Consumer<Function<EndpointSpec, List<InetSocketAddress>>> sink) {
        this.discovery = discovery;
        this.resolver = resolver;
        this.thread = thread;
        this.sink = sink;
        hosts = discovery.load().endpoints();
    }

    /** Looks all names up, tells the result, and does so again after a time. */
    void start() {
        outstanding = hosts.size();
        failing = false;
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
            case Resolution.Found(List<InetAddress> addresses) ->
                    found.put(
                            host,
                            taken(
                                    found.getOrDefault(host, List.of()),
                                    counting(host.address().address(), addresses)));
            case Resolution.Failed failed -> {
                found.putIfAbsent(host, List.of());
                failing = true;
            }
        }
        outstanding--;
        if (outstanding == 0 && !stopped) {
            sink.accept(this::addresses);
            failures = failing ? failures + 1 : 0;
            next = thread.after(pause(), this::start);
        }
    }

    /** What is taken of those that count, after what was taken before. */
    private List<InetAddress> taken(List<InetAddress> before, List<InetAddress> now) {
        return switch (discovery.dns().taken()) {
            case EVERY -> now;
            case ONE ->
                    now.isEmpty()
                            ? before
                            : before.stream()
                                    .filter(now::contains)
                                    .findFirst()
                                    .map(List::of)
                                    .orElse(List.of(now.getFirst()));
        };
    }

    private Duration pause() {
        DnsSpec dns = discovery.dns();
        return failures == 0
                ? dns.refresh()
                : dns.backOff().map(backOff -> backOff.after(failures)).orElse(dns.refresh());
    }

    /** Those of the family that counts; an address in place of a name is what it is. */
    private List<InetAddress> counting(String name, List<InetAddress> addresses) {
        if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
            return addresses;
        }
        List<InetAddress> v4 = addresses.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> v6 = addresses.stream().filter(Inet6Address.class::isInstance).toList();
        return switch (discovery.dns().family()) {
            case ALL -> addresses;
            case V4_ONLY -> v4;
            case V6_ONLY -> v6;
            case V4_PREFERRED -> v4.isEmpty() ? v6 : v4;
        };
    }

    /** Sorted, so that equal is equal. */
    private List<InetSocketAddress> addresses(EndpointSpec host) {
        return found.getOrDefault(host, List.of()).stream()
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .map(address -> new InetSocketAddress(address, host.address().port()))
                .toList();
    }
}
