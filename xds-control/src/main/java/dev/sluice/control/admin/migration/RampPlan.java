package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.PlanRampRequest;
import dev.sluice.admin.v1.PlanRampResponse;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.judge.Reach;
import java.util.List;
import java.util.Optional;

/** How many keys the steps of a ramp need, and what 100 % is judged against. Stateless. */
final class RampPlan {
    private static final int DEFAULT_ERRORS = 1_000;

    private RampPlan() {}

    /** Of a target that need not be there. */
    static PlanRampResponse answer(PlanRampRequest request, Catalog catalog, BaselineForm form) {
        Problems problems = Problems.root();
        Problems ramp = problems.field("ramp");
        List<RampSpec.Step> steps = RampForm.steps(request.getRamp().getStepsList(), ramp);
        JudgePolicy judge =
                request.getRamp().hasJudge()
                        ? JudgeForm.CONTENT.read(request.getRamp().getJudge(), ramp.field("judge"))
                        : JudgePolicy.DEFAULT;
        PartsPerMillion errors =
                PartsPerMillion.parse(
                        request.hasErrorRatePpm() ? request.getErrorRatePpm() : DEFAULT_ERRORS,
                        problems.field("error_rate_ppm"));
        if (steps.isEmpty()) {
            ramp.field("steps").add("none", "at least one step", "give the steps of the plan");
        }
        Optional<ShareTarget> target =
                judge.baseline().isPresent()
                        ? RampForm.target(request.getRamp().getTarget(), ramp.field("target"))
                        : Optional.empty();
        Desk.refuseIfAny(problems.all());
        var answer = PlanRampResponse.newBuilder();
        target.ifPresent(of -> answer.addAllUnfit(form.unfit(judge, of, catalog)));
        judge.baseline()
                .flatMap(catalog::baseline)
                .ifPresent(found -> answer.setBaseline(form.write(found, catalog)));
        steps.forEach(step -> answer.addSteps(step(judge, step.share(), errors)));
        return answer.build();
    }

    private static PlanRampResponse.Step step(
            JudgePolicy judge, PartsPerMillion share, PartsPerMillion errors) {
        Reach reach = Reach.of(judge, share, (double) errors.value() / PartsPerMillion.WHOLE);
        var step =
                PlanRampResponse.Step.newBuilder()
                        .setSharePpm(share.value())
                        .setMargin(reach.margin());
        reach.keys().ifPresent(step::setKeys);
        reach.freshKeys().ifPresent(step::setNewKeys);
        return step.build();
    }
}
