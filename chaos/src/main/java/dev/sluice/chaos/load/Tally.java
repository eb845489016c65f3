package dev.sluice.chaos.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Counts for one finding. For one thread. */
final class Tally {
    private final Check check;
    private final String claim;
    private final List<String> examples = new ArrayList<>();
    private long looked;
    private long broken;

    Tally(Check check, String claim) {
        this.check = check;
        this.claim = claim;
    }

    /**
     * Counts one case.
     *
     * @param example says what is wrong with it; asked only when it did not hold
     */
    void count(boolean held, Supplier<String> example) {
        looked++;
        if (!held) {
            broken++;
            if (examples.size() < Finding.MOST_EXAMPLES) {
                examples.add(example.get());
            }
        }
    }

    Finding done() {
        return new Finding(check, claim, looked, broken, examples);
    }
}
