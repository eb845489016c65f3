package dev.sluice.e2e.simulation;

import dev.sluice.e2e.simulation.trouble.Least;
import dev.sluice.e2e.simulation.trouble.Planned;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A run that fails, without the troubles that have no part in it. Immutable.
 *
 * @param scenario of it
 * @param violation the first one of the run
 * @param troubles with which it fails by the same invariant; most often none of them can go alone
 * @param of how many there were
 */
record LeastCase(Scenario scenario, String violation, List<Planned> troubles, int of) {
    private static final int TRIES = 80;

    LeastCase {
        troubles = List.copyOf(troubles);
    }

    /** What a run left, as far as this needs it. */
    record Ran(List<String> violations, List<Planned> troubles) {
        private Optional<String> first(String invariant) {
            return violations.stream()
                    .filter(violation -> invariant(violation).equals(invariant))
                    .findFirst();
        }
    }

    /**
     * Repeats a run that failed, then with ever fewer troubles.
     *
     * @param run makes a run; the same each time for the same scenario
     * @throws IllegalArgumentException when it does not fail
     */
    static LeastCase of(Scenario scenario, Function<Scenario, Ran> run) {
        Ran all = run.apply(scenario);
        if (all.violations().isEmpty()) {
            throw new IllegalArgumentException(scenario + " holds (expected: it fails, as before)");
        }
        String invariant = invariant(all.violations().getFirst());
        List<Planned> least =
                Least.of(
                        all.troubles(),
                        some -> run.apply(scenario.with(some)).first(invariant).isPresent(),
                        TRIES);
        Scenario small = scenario.with(least);
        return new LeastCase(
                small,
                run.apply(small).first(invariant).orElseThrow(),
                least,
                all.troubles().size());
    }

    /** A violation begins with the name of its invariant. */
    private static String invariant(String violation) {
        return violation.substring(0, Math.max(0, violation.indexOf(':')));
    }

    @Override
    public String toString() {
        return "seed %d, %d of %d troubles: %s, then %s"
                .formatted(scenario.seed(), troubles.size(), of, troubles, violation);
    }
}
