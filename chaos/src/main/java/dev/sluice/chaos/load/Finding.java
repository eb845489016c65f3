package dev.sluice.chaos.load;

import java.util.List;

/**
 * What one check found. Immutable.
 *
 * @param check its name
 * @param claim what should hold
 * @param looked at how many cases the check looked; a check that saw none proves nothing
 * @param broken how many of them broke the claim
 * @param examples the first ten that did
 */
public record Finding(Check check, String claim, long looked, long broken, List<String> examples) {
    static final int MOST_EXAMPLES = 10;

    public Finding {
        examples = List.copyOf(examples);
    }

    /** What it means for the load. */
    public enum Verdict {
        /** Held wherever it was looked at. */
        HELD,
        /** Broken at least once. */
        BROKEN,
        /** Nothing was there to look at. */
        NOT_SEEN
    }

    public Verdict verdict() {
        return broken > 0 ? Verdict.BROKEN : looked > 0 ? Verdict.HELD : Verdict.NOT_SEEN;
    }
}
