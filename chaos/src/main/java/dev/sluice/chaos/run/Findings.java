package dev.sluice.chaos.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a run has found so far. Owned by the thread that runs. */
final class Findings {
    private static final Set<Verdict> END =
            EnumSet.of(Verdict.INTERRUPTED, Verdict.ABORTED, Verdict.INCONCLUSIVE);

    private final Set<Verdict> verdicts = EnumSet.of(Verdict.PASSED);
    private final List<String> reasons = new ArrayList<>();

    /** Adds a finding; the same reason counts once. */
    void add(Verdict verdict, String reason) {
        verdicts.add(verdict);
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
    }

    boolean has(Verdict verdict) {
        return verdicts.contains(verdict);
    }

    /** Whether nothing more needs to be injected. */
    boolean endTheMethod() {
        return verdicts.stream().anyMatch(END::contains);
    }

    /** Whether nothing more needs to be known either. */
    boolean restoreAtOnce() {
        return has(Verdict.INTERRUPTED) || has(Verdict.ABORTED);
    }

    /** The gravest. */
    Verdict verdict() {
        return verdicts.iterator().next();
    }

    List<String> reasons() {
        return reasons;
    }
}
