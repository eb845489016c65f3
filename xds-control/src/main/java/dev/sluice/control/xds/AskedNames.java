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

    /** Adds up an incremental request; says what is too much of it. */
    Optional<String> add(DeltaDiscoveryRequest request) {
        return check(
                request.getTypeUrl(),
                "resource_names_subscribe",
                request.getResourceNamesSubscribeList(),
                request.getResourceNamesUnsubscribeList());
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
        more.stream()
                .filter(name -> name.length() > LONGEST)
                .findFirst()
                .ifPresent(name -> refuseLonger(field, name, problems));
        if (names > MOST) {
            problems.add(tooMany(field, names, "names", MOST));
        }
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
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
