package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Criterion;
import dev.sluice.admin.v1.JudgePolicy;
import dev.sluice.contract.BaselineName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.change.spec.Criterion.Measure;
import dev.sluice.control.change.spec.QueryCriterion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How ramps are judged, on the wire. Immutable.
 *
 * @param refusals why a metrics server is not asked
 */
record JudgeForm(Function<QueryCriterion, Optional<Problem>> refusals) {
    /** Takes any server for one that may be asked. */
    static final JudgeForm CONTENT = new JudgeForm(_ -> Optional.empty());

    static JudgePolicy write(dev.sluice.control.change.spec.JudgePolicy judge) {
        var message = JudgePolicy.newBuilder();
        judge.baseline().ifPresent(name -> message.setBaseline(name.name()));
        return message.setAlphaPpm(judge.alphaPpm())
                .setHarmBudgetPpm(judge.harmBudgetPpm())
                .setMinKeys(judge.minKeys())
                .setClientErrorsCount(judge.clientErrorsCount())
                .addAllCriteria(judge.criteria().stream().map(JudgeForm::criterion).toList())
                .addAllQueries(judge.queries().stream().map(QueryForm::write).toList())
                .build();
    }

    dev.sluice.control.change.spec.JudgePolicy read(JudgePolicy message, Problems at) {
        var byDefault = dev.sluice.control.change.spec.JudgePolicy.DEFAULT;
        List<dev.sluice.control.change.spec.Criterion> criteria = new ArrayList<>();
        for (int i = 0; i < message.getCriteriaCount(); i++) {
            criteria.add(criterion(message.getCriteria(i), at.field("criteria").index(i)));
        }
        List<QueryCriterion> queries = new ArrayList<>();
        for (int i = 0; i < message.getQueriesCount(); i++) {
            Problems place = at.field("queries").index(i);
            QueryCriterion query = QueryForm.read(message.getQueries(i), place);
            refusals.apply(query)
                    .ifPresent(
                            it -> place.field(it.path()).add(it.got(), it.expected(), it.remedy()));
            queries.add(query);
        }
        return new dev.sluice.control.change.spec.JudgePolicy(
                Unsigned.orDefault(
                        message.getAlphaPpm(), byDefault.alphaPpm(), at.field("alpha_ppm")),
                Unsigned.orDefault(
                        message.getHarmBudgetPpm(),
                        byDefault.harmBudgetPpm(),
                        at.field("harm_budget_ppm")),
                message.getMinKeys() == 0 ? byDefault.minKeys() : message.getMinKeys(),
                message.getClientErrorsCount(),
                criteria,
                queries,
                message.getBaseline().isEmpty()
                        ? Optional.empty()
                        : BaselineName.parse(message.getBaseline(), at.field("baseline")));
    }

    private static Criterion criterion(dev.sluice.control.change.spec.Criterion criterion) {
        return Criterion.newBuilder()
                .setMeasure(
                        switch (criterion.measure()) {
                            case CLIENT_ERRORS -> Criterion.Measure.CLIENT_ERRORS;
                            case SERVER_ERRORS -> Criterion.Measure.SERVER_ERRORS;
                            case RESETS -> Criterion.Measure.RESETS;
                            case TIMEOUTS -> Criterion.Measure.TIMEOUTS;
                            case CANCELLED -> Criterion.Measure.CANCELLED;
                            case FALLBACKS -> Criterion.Measure.FALLBACKS;
                            case P99_MICROS -> Criterion.Measure.P99_MICROS;
                        })
                .setAgainst(CriterionWords.write(criterion.against()))
                .setLimit(criterion.limit())
                .setOnBreach(CriterionWords.write(criterion.onBreach()))
                .build();
    }

    private static dev.sluice.control.change.spec.Criterion criterion(
            Criterion message, Problems at) {
        return new dev.sluice.control.change.spec.Criterion(
                measure(message, at.field("measure")),
                CriterionWords.against(
                        message.getAgainst(), message.getAgainstValue(), at.field("against")),
                message.getLimit(),
                CriterionWords.onBreach(
                        message.getOnBreach(), message.getOnBreachValue(), at.field("on_breach")));
    }

    private static Measure measure(Criterion message, Problems at) {
        return switch (message.getMeasure()) {
            case CLIENT_ERRORS -> Measure.CLIENT_ERRORS;
            case SERVER_ERRORS -> Measure.SERVER_ERRORS;
            case RESETS -> Measure.RESETS;
            case TIMEOUTS -> Measure.TIMEOUTS;
            case CANCELLED -> Measure.CANCELLED;
            case FALLBACKS -> Measure.FALLBACKS;
            case P99_MICROS -> Measure.P99_MICROS;
            case MEASURE_UNSPECIFIED, UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getMeasureValue()),
                        "a measure such as TIMEOUTS",
                        "choose what is counted");
                yield Measure.SERVER_ERRORS;
            }
        };
    }
}
