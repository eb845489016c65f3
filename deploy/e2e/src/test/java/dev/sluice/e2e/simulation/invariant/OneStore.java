package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Wrote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Of a gate over two stores, no writes of one key are under way to different stores at once, at
 * whichever sidecars.
 */
final class OneStore implements Invariants.Invariant {
    /** Longer than a write takes once it is let through, in nanoseconds. */
    private static final long LONGEST = 10_000_000_000L;

    private final Map<Key, List<Wrote>> lately = new HashMap<>();

    private record Key(GateName gate, String key) {}

    @Override
    public void read(Fact fact, List<String> violations) {
        if (fact instanceof Wrote wrote) {
            List<Wrote> others =
                    lately.computeIfAbsent(
                            new Key(wrote.decision().gate(), wrote.key()), _ -> new ArrayList<>());
            others.stream()
                    .filter(other -> other.at() > wrote.begun())
                    .filter(other -> other.decision().arm() != wrote.decision().arm())
                    .forEach(other -> violations.add("two stores: " + wrote + " beside " + other));
            others.removeIf(other -> wrote.at() - other.at() > LONGEST);
            others.add(wrote);
        }
    }
}
