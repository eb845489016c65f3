package dev.sluice.proxy.listen;

import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec;
import dev.sluice.proxy.snapshot.part.CidrSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Chooses the filter chain of a connection in Envoy's order: destination port, destination address,
 * server name, transport protocol, application protocols, direct source, source type, source,
 * source port. At each step only the chains that match most specifically go on, and there is no way
 * back: a connection that fails a later step gets the default chain. Immutable.
 */
final class ChainMatcher {
    private static final int NO = -1;
    private static final int ANY = 0;
    private static final int MOST = Integer.MAX_VALUE;

    private static final List<Step> ORDER =
            List.of(
                    ChainMatcher::destinationPort,
                    (match, facts) -> range(match.destinations(), facts.local().getAddress()),
                    (match, facts) -> serverName(match.serverNames(), facts.serverName()),
                    ChainMatcher::transportProtocol,
                    ChainMatcher::applicationProtocol,
                    (match, facts) -> range(match.directSources(), facts.direct().getAddress()),
                    ChainMatcher::sourceType,
                    (match, facts) -> range(match.sources(), facts.remote().getAddress()),
                    ChainMatcher::sourcePort);

    private final List<FilterChainMatchSpec> matches;

    /**
     * How well a connection fits one criterion: -1 not at all, 0 it is not asked, above: better.
     */
    @FunctionalInterface
    private interface Step {
        int fit(FilterChainMatchSpec match, ConnectionFacts facts);
    }

    ChainMatcher(List<FilterChainMatchSpec> matches) {
        this.matches = List.copyOf(matches);
    }

    /** Index of the chain; empty: none. */
    OptionalInt match(ConnectionFacts facts) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < matches.size(); i++) {
            left.add(i);
        }
        for (Step step : ORDER) {
            left = best(left, step, facts);
        }
        return left.isEmpty() ? OptionalInt.empty() : OptionalInt.of(left.getFirst());
    }

    private List<Integer> best(List<Integer> candidates, Step step, ConnectionFacts facts) {
        List<Integer> best = new ArrayList<>();
        int mark = ANY;
        for (int index : candidates) {
            int fit = step.fit(matches.get(index), facts);
            if (fit > mark) {
                best.clear();
                mark = fit;
            }
            if (fit == mark) {
                best.add(index);
            }
        }
        return best;
    }

    private static int destinationPort(FilterChainMatchSpec match, ConnectionFacts facts) {
        if (match.destinationPort().isEmpty()) {
            return ANY;
        }
        return match.destinationPort().getAsInt() == facts.local().getPort() ? MOST : NO;
    }

    private static int range(List<CidrSpec> ranges, InetAddress address) {
        if (ranges.isEmpty()) {
            return ANY;
        }
        return ranges.stream()
                .filter(range -> range.contains(address))
                .mapToInt(range -> range.length() + 1)
                .max()
                .orElse(NO);
    }

    private static int serverName(List<String> names, String asked) {
        if (names.isEmpty()) {
            return ANY;
        }
        return names.stream().mapToInt(name -> serverName(name, asked)).max().orElse(NO);
    }

    private static int serverName(String name, String asked) {
        if (name.equals(asked)) {
            return MOST;
        }
        boolean covers = name.startsWith("*.") && asked.endsWith(name.substring(1));
        return covers && asked.length() >= name.length() ? name.length() : NO;
    }

    private static int transportProtocol(FilterChainMatchSpec match, ConnectionFacts facts) {
        if (match.transportProtocol().isEmpty()) {
            return ANY;
        }
        return match.transportProtocol().equals(facts.transportProtocol()) ? MOST : NO;
    }

    /** As Envoy, the client's first offer that some chain wants counts: earlier ones fit better. */
    private static int applicationProtocol(FilterChainMatchSpec match, ConnectionFacts facts) {
        if (match.applicationProtocols().isEmpty()) {
            return ANY;
        }
        for (int i = 0; i < facts.applicationProtocols().size(); i++) {
            if (match.applicationProtocols().contains(facts.applicationProtocols().get(i))) {
                return MOST - i;
            }
        }
        return NO;
    }

    private static int sourceType(FilterChainMatchSpec match, ConnectionFacts facts) {
        InetAddress source = facts.remote().getAddress();
        boolean local = source.isLoopbackAddress() || source.equals(facts.local().getAddress());
        return switch (match.sourceType()) {
            case ANY -> ANY;
            case SAME_IP_OR_LOOPBACK -> local ? MOST : NO;
            case EXTERNAL -> local ? NO : MOST;
        };
    }

    private static int sourcePort(FilterChainMatchSpec match, ConnectionFacts facts) {
        if (match.sourcePorts().isEmpty()) {
            return ANY;
        }
        return match.sourcePorts().contains(facts.remote().getPort()) ? MOST : NO;
    }
}
