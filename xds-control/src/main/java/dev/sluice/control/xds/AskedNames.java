package dev.sluice.control.xds;

import dev.sluice.contract.Problem;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that a node asks for on one stream, with a bound: each is kept until the stream ends,
 * by us and by java-control-plane, also those of types that we never serve. Owned by the stream.
 */
final class AskedNames {
    /** Names of all types together: many times as many as any fleet has. */
    static final int MOST = 100_000;

    /** Types that a stream may ask for; xDS has some twenty. */
    static final int MOST_TYPES = 64;

    /** Of a name or the URL of a type, in characters. */
    static final int LONGEST = 2_048;

    private static final String MORE = "resource_names_subscribe";

    private final Map<String, Set<String>> byType = new HashMap<>();
    private int names;

    /** Adds up a state-of-the-world request; says what is too much of it. */
    Optional<String> add(DiscoveryRequest request) {
        return check(
                request.getTypeUrl(),
                "resource_names",
                request.getResourceNamesList(),
                List.copyOf(byType.getOrDefault(request.getTypeUrl(), Set.of())));
    }

    /**
     * Says what is too much of an incremental request for a type that has a stream of its own.
     *
     * @param had what the node asked for before
     */
    static Optional<String> tooMuch(DeltaDiscoveryRequest request, Set<String> had) {
        if (isAnswer(request)) {
            return Optional.empty();
        }
        Set<String> less = new HashSet<>(request.getResourceNamesUnsubscribeList());
        less.retainAll(had);
        Set<String> more = new HashSet<>(request.getResourceNamesSubscribeList());
        more.removeIf(name -> had.contains(name) && !less.contains(name));
        List<String> problems = new ArrayList<>();
        refuseLongest(MORE, request.getResourceNamesSubscribeList(), problems);
        refuseMore(MORE, had.size() - less.size() + more.size(), problems);
        return sentence(problems);
    }

    /** Adds up an incremental request; says what is too much of it. */
    Optional<String> add(DeltaDiscoveryRequest request) {
        if (isAnswer(request) && byType.containsKey(request.getTypeUrl())) {
            return Optional.empty();
        }
        return check(
                request.getTypeUrl(),
                MORE,
                request.getResourceNamesSubscribeList(),
                request.getResourceNamesUnsubscribeList());
    }

    /** As most requests are: it asks for nothing. */
    private static boolean isAnswer(DeltaDiscoveryRequest request) {
        return request.getResourceNamesSubscribeCount() == 0
                && request.getResourceNamesUnsubscribeCount() == 0;
    }

    private Optional<String> check(
            String typeUrl, String field, List<String> more, Collection<String> less) {
        Set<String> ofType = byType.computeIfAbsent(typeUrl, _ -> new HashSet<>());
        names -= ofType.size();
        less.forEach(ofType::remove);
        ofType.addAll(more);
        names += ofType.size();
        List<String> problems = new ArrayList<>();
        refuseLonger("type_url", typeUrl, problems);
        if (byType.size() > MOST_TYPES) {
            problems.add(tooMany("type_url", byType.size(), "types", MOST_TYPES));
        }
        refuseLongest(field, more, problems);
        refuseMore(field, names, problems);
        return sentence(problems);
    }

    private static Optional<String> sentence(List<String> problems) {
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    private static void refuseLongest(String field, List<String> names, List<String> problems) {
        names.stream()
                .filter(name -> name.length() > LONGEST)
                .findFirst()
                .ifPresent(name -> refuseLonger(field, name, problems));
    }

    private static void refuseMore(String field, int count, List<String> problems) {
        if (count > MOST) {
            problems.add(tooMany(field, count, "names", MOST));
        }
    }

    private static void refuseLonger(String field, String text, List<String> problems) {
        if (text.length() > LONGEST) {
            problems.add(
                    field
                            + ": "
                            + Problem.quote(text)
                            + " (expected at most "
                            + LONGEST
                            + " characters)");
        }
    }

    private static String tooMany(String field, int count, String what, int most) {
        return field
                + ": "
                + count
                + " "
                + what
                + " on one stream (expected at most "
                + most
                + "); ask for those that the node has use for";
    }
}
