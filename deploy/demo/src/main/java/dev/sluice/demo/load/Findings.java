package dev.sluice.demo.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What was checked and how it came out. Immutable.
 *
 * @param checks in the order of the summary
 */
public record Findings(List<Check> checks) {
    /** Nothing was checked. */
    public static final Findings NONE = new Findings(List.of());

    public Findings {
        checks = List.copyOf(checks);
    }

    /**
     * One thing that must hold.
     *
     * @param claim as a sentence
     * @param counted over how many requests, keys or rows it was checked; 0 means it was not, and
     *     does not hold
     * @param violations the first few cases against it
     */
    public record Check(String claim, long counted, List<String> violations) {
        public Check {
            violations = List.copyOf(violations);
        }

        public boolean holds() {
            return counted > 0 && violations.isEmpty();
        }
    }

    public boolean hold() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::holds);
    }

    /** Both, these first. */
    public Findings and(Findings others) {
        List<Check> all = new ArrayList<>(checks);
        all.addAll(others.checks);
        return new Findings(all);
    }

    /** Collects the cases of one check. Used by one thread. */
    static final class Counting {
        private static final int SHOWN = 5;

        private final String claim;
        private final List<String> violations = new ArrayList<>();
        private long counted;

        Counting(String claim) {
            this.claim = claim;
        }

        /** One case, with the sentence to show if it is against the claim. */
        void count(boolean holds, Supplier<String> otherwise) {
            counted++;
            if (!holds && violations.size() < SHOWN) {
                violations.add(otherwise.get());
            }
        }

        Check done() {
            return new Check(claim, counted, violations);
        }
    }
}
