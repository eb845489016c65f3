package dev.sluice.control.change.spec;

import dev.sluice.contract.BaselineName;
import java.util.List;
import java.util.Optional;

/**
 * How a new arm is judged against the concurrent legacy arm. Immutable.
 *
 * @param alphaPpm probability of a false rollback over the whole ramp, parts per million;
 *     1..200,000
 * @param harmBudgetPpm harm budget H: a step of share s is non-inferior when new minus old is below
 *     min(5 points, H/s); parts per million of keys; 1..100,000
 * @param minKeys fewest distinct keys on the new arm before a step can be non-inferior; 0..10^9
 * @param clientErrorsCount whether 4xx is an error of the arm
 * @param criteria what else a step must keep to; 0..16
 * @param queries what else it must keep to by the answers of a metrics server; 0..8, each with a
 *     name of its own
 * @param baseline what 100 % is judged against; empty: what legacy did in the steps of the ramp
 */
public record JudgePolicy(
        int alphaPpm,
        int harmBudgetPpm,
        long minKeys,
        boolean clientErrorsCount,
        List<Criterion> criteria,
        @AddedLater List<QueryCriterion> queries,
        Optional<BaselineName> baseline) {
    /** 1 %, 0.1 %, 100 keys, 4xx not counted, no other criterion. */
    public static final JudgePolicy DEFAULT =
            new JudgePolicy(10_000, 1_000, 100, false, List.of(), List.of());

    /** Without a baseline. */
    public JudgePolicy(
            int alphaPpm,
            int harmBudgetPpm,
            long minKeys,
            boolean clientErrorsCount,
            List<Criterion> criteria,
            List<QueryCriterion> queries) {
        this(
                alphaPpm,
                harmBudgetPpm,
                minKeys,
                clientErrorsCount,
                criteria,
                queries,
                Optional.empty());
    }

    public JudgePolicy {
        criteria = List.copyOf(criteria);
        queries = List.copyOf(queries);
    }
}
