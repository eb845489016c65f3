package dev.sluice.proxy.xds;

import dev.sluice.contract.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Problems as the text of a refusal. Stateless. */
final class ProblemText {
    /** Told in one text; a management server keeps it for each node. */
    private static final int MOST = 50;

    private ProblemText() {}

    /** All of them, or the first 50 and how many more; empty without. */
    static String of(List<Problem> problems) {
        String told =
                problems.stream()
                        .limit(MOST)
                        .map(Problem::message)
                        .collect(Collectors.joining("; "));
        return problems.size() <= MOST
                ? told
                : told + "; and " + (problems.size() - MOST) + " more";
    }
}
