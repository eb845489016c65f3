package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Criterion;
import dev.sluice.admin.v1.JudgePolicy;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.Measure;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import java.util.ArrayList;
import java.util.List;

/** How ramps are judged, on the wire. Stateless. */
final class JudgeForm {
    private JudgeForm() {}

    static JudgePolicy write(dev.sluice.control.change.spec.JudgePolicy judge) {
        return JudgePolicy.newBuilder()
                .setAlphaPpm(judge.alphaPpm())
                .setHarmBudgetPpm(judge.harmBudgetPpm())
                .setMinKeys(judge.minKeys())
                .setClientErrorsCount(judge.clientErrorsCount())
                .addAllCriteria(judge.criteria().stream().map(JudgeForm::criterion).toList())
                .build();
    }

    static dev.sluice.control.change.spec.JudgePolicy read(JudgePolicy message, Problems at) {
        var byDefault = dev.sluice.control.change.spec.JudgePolicy.DEFAULT;
        List<dev.sluice.control.change.spec.Criterion> criteria = new ArrayList<>();
        for (int i = 0; i < message.getCriteriaCount(); i++) {
            criteria.add(criterion(message.getCriteria(i), at.field("criteria").index(i)));
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
                criteria);
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
                .setAgainst(
                        switch (criterion.against()) {
                            case LEGACY -> Criterion.Against.LEGACY;
                            case NOTHING -> Criterion.Against.NOTHING;
                        })
                .setLimit(criterion.limit())
                .setOnBreach(
                        switch (criterion.onBreach()) {
                            case ROLL_BACK -> Criterion.OnBreach.ROLL_BACK;
                            case HOLD -> Criterion.OnBreach.HOLD;
                        })
                .build();
    }

    private static dev.sluice.control.change.spec.Criterion criterion(
            Criterion message, Problems at) {
        return new dev.sluice.control.change.spec.Criterion(
                measure(message, at.field("measure")),
                against(message, at.field("against")),
                message.getLimit(),
                onBreach(message, at.field("on_breach")));
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

    private static Against against(Criterion message, Problems at) {
        return switch (message.getAgainst()) {
            case AGAINST_UNSPECIFIED, LEGACY -> Against.LEGACY;
            case NOTHING -> Against.NOTHING;
            case UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getAgainstValue()),
                        "LEGACY or NOTHING",
                        "choose one of these");
                yield Against.LEGACY;
            }
        };
    }

    private static OnBreach onBreach(Criterion message, Problems at) {
        return switch (message.getOnBreach()) {
            case ON_BREACH_UNSPECIFIED, ROLL_BACK -> OnBreach.ROLL_BACK;
            case HOLD -> OnBreach.HOLD;
            case UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getOnBreachValue()),
                        "ROLL_BACK or HOLD",
                        "choose one of these");
                yield OnBreach.HOLD;
            }
        };
    }
}
