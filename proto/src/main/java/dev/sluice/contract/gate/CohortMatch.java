package dev.sluice.contract.gate;

import dev.sluice.contract.CohortName;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.contract.match.StringMatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Some of the keys of a gate, as its revision says them. A request without a key is in none that
 * names keys. Immutable.
 *
 * @param name of the cohort that it was made from; empty: it stands for itself
 * @param include keys that are in it, of which one is enough; empty: every key; at most {@value
 *     #MOST_KEYS}
 * @param exclude keys that are not in it though {@code include} has them; likewise
 * @param match what a request must be like besides
 */
public record CohortMatch(
        Optional<CohortName> name,
        List<StringMatcher> include,
        List<StringMatcher> exclude,
        RequestMatch match) {
    /** Most keys in each of the two lists. */
    public static final int MOST_KEYS = 1_000;

    /** Most keys of all cohorts in one gate. */
    public static final int MOST_KEYS_OF_GATE = 10_000;

    /** First gate-contract version that has cohorts. */
    public static final int CONTRACT_VERSION = 2;

    public CohortMatch {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** Whether it takes a key to be in it. */
    public boolean namesKeys() {
        return !include.isEmpty() || !exclude.isEmpty();
    }

    /** How many keys it names. */
    public int size() {
        return include.size() + exclude.size();
    }

    /**
     * Whether everything that is in the other is surely in this one; of two that say the same in
     * other words it may not be known.
     */
    public boolean covers(CohortMatch other) {
        boolean includesMore =
                include.isEmpty()
                        || (!other.include.isEmpty()
                                && new HashSet<>(include).containsAll(other.include));
        boolean excludesLess = new HashSet<>(other.exclude).containsAll(exclude);
        return includesMore && excludesLess && (match.isEvery() || match.equals(other.match));
    }
}
