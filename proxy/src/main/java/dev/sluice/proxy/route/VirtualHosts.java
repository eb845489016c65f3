package dev.sluice.proxy.route;

import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.HostPort;
import dev.sluice.proxy.snapshot.route.VirtualHostSpec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Virtual hosts by domain, in Envoy's order: the exact host, the longest {@code *.suffix}, the
 * longest {@code prefix.*}, {@code *}. A star stands for at least one character; letter case does
 * not count. Immutable.
 */
final class VirtualHosts {
    private final HostPort port;
    private final Map<String, HostRoutes> exact = new HashMap<>();
    private final Map<Integer, Map<String, HostRoutes>> suffixes =
            new TreeMap<>(Comparator.reverseOrder());
    private final Map<Integer, Map<String, HostRoutes>> prefixes =
            new TreeMap<>(Comparator.reverseOrder());
    private Optional<HostRoutes> any = Optional.empty();
    private boolean asksForTls;

    private VirtualHosts(HostPort port) {
        this.port = port;
    }

    static VirtualHosts compile(RouteConfigurationSpec spec, FilterChain filters) {
        FilterChain ofAll = filters.with(spec.filters());
        VirtualHosts hosts = new VirtualHosts(spec.port());
        for (VirtualHostSpec host : spec.virtualHosts()) {
            HostRoutes routes =
                    HostRoutes.compile(host, spec, /* filters= */ ofAll, /* ofListener= */ filters);
            hosts.asksForTls |= routes.asksForTls();
            host.domains().forEach(domain -> hosts.add(domain, routes));
        }
        return hosts;
    }

    /** Whether how a request came counts in any of them. */
    boolean asksForTls() {
        return asksForTls;
    }

    /** The routes for an authority as the client sent it. */
    Optional<HostRoutes> find(CharSequence authority) {
        String host = authority.toString().toLowerCase(Locale.ROOT);
        if (port == HostPort.IGNORED) {
            host = withoutPort(host);
        }
        HostRoutes found = exact.get(host);
        if (found == null) {
            found = suffix(host);
        }
        if (found == null) {
            found = prefix(host);
        }
        return found == null ? any : found.itself();
    }

    private void add(String domain, HostRoutes routes) {
        int rest = domain.length() - 1;
        if (domain.equals("*")) {
            any = routes.itself();
        } else if (domain.startsWith("*")) {
            suffixes.computeIfAbsent(rest, l -> new HashMap<>()).put(domain.substring(1), routes);
        } else if (domain.endsWith("*")) {
            prefixes.computeIfAbsent(rest, l -> new HashMap<>())
                    .put(domain.substring(0, rest), routes);
        } else {
            exact.put(domain, routes);
        }
    }

    private @Nullable HostRoutes suffix(String host) {
        for (Map.Entry<Integer, Map<String, HostRoutes>> sameLength : suffixes.entrySet()) {
            int length = sameLength.getKey();
            if (length < host.length()) {
                HostRoutes found =
                        sameLength.getValue().get(host.substring(host.length() - length));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable HostRoutes prefix(String host) {
        for (Map.Entry<Integer, Map<String, HostRoutes>> sameLength : prefixes.entrySet()) {
            int length = sameLength.getKey();
            if (length < host.length()) {
                HostRoutes found = sameLength.getValue().get(host.substring(0, length));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The host without {@code :port}; an IPv6 address keeps its brackets. */
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        boolean inBrackets = host.startsWith("[") && colon < host.indexOf(']');
        boolean bareIpv6 = !host.startsWith("[") && host.indexOf(':') != colon;
        if (colon < 0 || inBrackets || bareIpv6) {
            return host;
        }
        boolean digits =
                colon < host.length() - 1
                        && host.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9');
        return digits ? host.substring(0, colon) : host;
    }
}
