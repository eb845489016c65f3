package dev.sluice.contract.fault;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.RequestView;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * Which requests of an arm a fault meets. Immutable.
 *
 * @param operations any of these; none: all
 * @param classes any of these; none: all
 * @param headers all of these
 * @param share of what is left
 * @param unit what the share is a share of
 * @param endpoints any of these, each with an address; none: all
 */
public record Selection(
        Set<String> operations,
        Set<OperationClass> classes,
        List<HeaderMatcher> headers,
        PartsPerMillion share,
        Unit unit,
        Set<InetSocketAddress> endpoints) {
    /** All requests. */
    public static final Selection ALL =
            new Selection(
                    Set.of(), Set.of(), List.of(), PartsPerMillion.ALL, Unit.ATTEMPT, Set.of());

    private static final long DETAIL = 0x5deece66dL;

    /** What a draw is made for. */
    public enum Unit {
        /** Each attempt anew. */
        ATTEMPT,
        /** Once for all attempts of a request. */
        REQUEST,
        /** Once for all requests of a bucketing key; those without a key are not chosen. */
        KEY
    }

    /**
     * What tells a request from others.
     *
     * @param request hash of its id
     * @param key hash of its bucketing key; 0: it has none
     */
    public record Identity(long request, long key) {}

    public Selection {
        operations = Set.copyOf(operations);
        classes = Set.copyOf(classes);
        headers = List.copyOf(headers);
        endpoints = Set.copyOf(endpoints);
    }

    /** Whether a request is one of those that the share is taken of. */
    public boolean matches(Operation operation, RequestView request) {
        return (operations.isEmpty() || operations.contains(operation.name()))
                && (classes.isEmpty() || classes.contains(operation.operationClass()))
                && headers.stream().allMatch(header -> header.matches(request));
    }

    /** Whether attempts on this endpoint are met. */
    public boolean meets(InetSocketAddress endpoint) {
        return endpoints.isEmpty() || endpoints.contains(endpoint);
    }

    /**
     * Whether an attempt of such a request is in the share: the same inputs give the same answer.
     *
     * @param seed of the lease
     * @param attempt 0.., counts those on this arm
     */
    public boolean draws(long seed, Identity who, int attempt) {
        boolean drawn = unit != Unit.KEY || who.key() != 0;
        long hash = hash(seed, who, attempt);
        return drawn && share.contains((int) Long.remainderUnsigned(hash, PartsPerMillion.WHOLE));
    }

    /**
     * Seed of what the fault leaves open for such an attempt, such as which bits are wrong: the
     * same inputs give the same answer. It has nothing to do with whether the attempt is drawn.
     */
    public long detail(long seed, Identity who, int attempt) {
        return mix(hash(seed, who, attempt), DETAIL);
    }

    private long hash(long seed, Identity who, int attempt) {
        return switch (unit) {
            case ATTEMPT -> mix(mix(seed, who.request()), attempt);
            case REQUEST -> mix(seed, who.request());
            case KEY -> mix(seed, who.key());
        };
    }

    /** Spreads two values over 64 bits: the finalizer of SplitMix64 (Steele et al., 2014). */
    private static long mix(long seed, long value) {
        long z = seed + 0x9e3779b97f4a7c15L * (value + 1);
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
