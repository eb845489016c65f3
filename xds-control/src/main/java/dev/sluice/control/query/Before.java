package dev.sluice.control.query;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.JudgedQuery.Look;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.QueryCriterion;
import java.util.List;
import java.util.Optional;

/**
 * Where the value of the legacy arm comes from. Immutable.
 *
 * @param isAsked whether the arm is asked for
 * @param value where it is not: the last one that a step before had
 */
record Before(boolean isAsked, Optional<Double> value) {
    /** Legacy is asked for while it has a share and is compared with. */
    static Before of(Catalog catalog, Ramp ramp, QueryCriterion criterion, GateName gate) {
        boolean compared = criterion.limit().against() == Against.LEGACY;
        boolean alone = ramp.currentStep().share().isAll();
        List<Verdict> steps =
                ramp.spec()
                        .baseline()
                        .flatMap(catalog::ramp)
                        .map(Ramp::history)
                        .orElse(ramp.history());
        return new Before(
                compared && !alone,
                compared && alone ? last(steps, criterion, gate) : Optional.empty());
    }

    private static Optional<Double> last(
            List<Verdict> steps, QueryCriterion criterion, GateName gate) {
        return steps.reversed().stream()
                .flatMap(verdict -> verdict.record().stream())
                .flatMap(step -> step.queries().stream())
                .filter(query -> query.criterion().equals(criterion.name()))
                .filter(query -> query.gate().equals(gate))
                .map(JudgedQuery::looks)
                .flatMap(looks -> looks.reversed().stream())
                .map(Look::legacy)
                .flatMap(Optional::stream)
                .findFirst();
    }
}
