package dev.sluice.e2e.simulation;

import dev.sluice.e2e.simulation.trouble.Planned;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run is to be. Immutable.
 *
 * @param seed of all chance
 * @param trouble how long things go wrong, before all is calm
 * @param only numbers of the troubles that happen; empty: all of them
 */
record Scenario(long seed, Duration trouble, Optional<Set<Integer>> only) {
    private static final Duration SHORT = Duration.ofSeconds(32);

    Scenario {
        only = only.map(Set::copyOf);
    }

    /** With half a minute of troubles. */
    static Scenario of(long seed) {
        return new Scenario(seed, SHORT, Optional.empty());
    }

    /** The same, but that things go wrong for so long. */
    Scenario during(Duration other) {
        return new Scenario(seed, other, only);
    }

    /** The same, but that nothing else goes wrong. */
    Scenario with(Collection<Planned> troubles) {
        return new Scenario(
                seed,
                trouble,
                Optional.of(troubles.stream().map(Planned::number).collect(Collectors.toSet())));
    }

    /**
     * Whether the gate of two stores begins where the one that is written first changes, and users
     * write there. Each fifth does, so that the others are what they were before there were such.
     */
    boolean isBetweenStores() {
        return seed % 5 == 1;
    }

    boolean has(Planned trouble) {
        return only.map(numbers -> numbers.contains(trouble.number())).orElse(true);
    }
}
