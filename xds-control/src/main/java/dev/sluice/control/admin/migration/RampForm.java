package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.Verdict;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.RampName;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.Recorded;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.orchestrate.SelfChecks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Ramps on the wire. Immutable. */
public final class RampForm implements Form<Ramp, RampSpec, dev.sluice.control.catalog.Ramp> {
    private final Function<RampName, Optional<dev.sluice.control.change.Verdict>> newest;
    private final Function<dev.sluice.control.catalog.Ramp, Optional<String>> waits;
    private final JudgeForm judge;
    private final Function<GateName, Optional<SelfChecks.State>> selfChecks;

    /**
     * @param newest verdicts that are newer than those in the log
     * @param waits why a ramp does not go on by now
     * @param refusals why a metrics server is not asked
     * @param selfChecks how trials of the judge stand
     */
    public RampForm(
            Function<RampName, Optional<dev.sluice.control.change.Verdict>> newest,
            Function<dev.sluice.control.catalog.Ramp, Optional<String>> waits,
            Function<QueryCriterion, Optional<Problem>> refusals,
            Function<GateName, Optional<SelfChecks.State>> selfChecks) {
        this.selfChecks = selfChecks;
        this.newest = newest;
        this.waits = waits;
        this.judge = new JudgeForm(refusals);
    }

    @Override
    public Ramp write(dev.sluice.control.catalog.Ramp ramp, Catalog catalog) {
        RampSpec spec = ramp.spec();
        var message =
                Ramp.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(ramp.meta().etag())
                        .setCreateTime(Times.write(ramp.meta().createTime()))
                        .setUpdateTime(Times.write(ramp.meta().updateTime()))
                        .setTarget(spec.target().name())
                        .addAllSteps(spec.steps().stream().map(RampForm::step).toList())
                        .setJudge(JudgeForm.write(spec.judge()))
                        .setState(
                                switch (ramp.state()) {
                                    case RUNNING -> RampState.RUNNING;
                                    case PAUSED -> RampState.PAUSED;
                                    case WAITING_FOR_APPROVAL -> RampState.WAITING_FOR_APPROVAL;
                                    case SUCCEEDED -> RampState.SUCCEEDED;
                                    case ROLLED_BACK -> RampState.ROLLED_BACK;
                                })
                        .setCurrentStep(ramp.step())
                        .setStatusMessage(waits.apply(ramp).orElse(ramp.message()))
                        .addAllHistory(ramp.history().stream().map(RampForm::verdict).toList());
        if (ramp.state().isActive()) {
            for (GateState gate : catalog.gatesOf(spec.target())) {
                selfChecks
                        .apply(gate.name())
                        .ifPresent(state ->
                                message.setSelfCheckTrials(
                                                message.getSelfCheckTrials() + state.trials())
                                        .setSelfCheckAlarms(
                                                message.getSelfCheckAlarms() + state.alarms()));
            }
        }
        ramp.stepAppliedTime().ifPresent(time -> message.setStepAppliedTime(Times.write(time)));
        newest.apply(ramp.name())
                .or(ramp::verdict)
                .ifPresent(verdict -> message.setVerdict(verdict(verdict)));
        return message.build();
    }

    @Override
    public Optional<RampSpec> read(Ramp message, Problems at) {
        int before = at.count();
        Optional<RampName> name = RampName.parse(message.getName(), at.field("name"));
        Optional<ShareTarget> target = target(message.getTarget(), at.field("target"));
        List<RampSpec.Step> steps = steps(message.getStepsList(), at);
        var policy =
                message.hasJudge()
                        ? judge.read(message.getJudge(), at.field("judge"))
                        : JudgePolicy.DEFAULT;
        if (at.count() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new RampSpec(
                        name.orElseThrow(), target.orElseThrow(), steps, policy, Optional.empty()));
    }

    /** The steps of a message that stands at {@code at}. */
    static List<RampSpec.Step> steps(List<RampStep> messages, Problems at) {
        List<RampSpec.Step> steps = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            steps.add(step(messages.get(i), at.field("steps").index(i)));
        }
        return steps;
    }

    static Optional<ShareTarget> target(String name, Problems at) {
        if (name.startsWith("gates/")) {
            return GateName.parse(name, at).map(ShareTarget.OfGate::new);
        }
        if (name.startsWith("gateSets/")) {
            return GateSetName.parse(name, at).map(ShareTarget.OfSet::new);
        }
        at.add(Problem.quote(name), "gates/{gate} or gateSets/{gate_set}", "name what ramps");
        return Optional.empty();
    }

    static RampStep step(RampSpec.Step step) {
        return RampStep.newBuilder()
                .setSharePpm(step.share().value())
                .setSoak(Times.write(step.soak()))
                .setMaxSoak(Times.write(step.maxSoak()))
                .setAdvance(
                        switch (step.advance()) {
                            case JUDGED -> RampStep.Advance.JUDGED;
                            case APPROVED -> RampStep.Advance.APPROVED;
                            case TIMED -> RampStep.Advance.TIMED;
                        })
                .build();
    }

    static RampSpec.Step step(RampStep message, Problems at) {
        PartsPerMillion share = PartsPerMillion.parse(message.getSharePpm(), at.field("share_ppm"));
        Duration soak = Times.read(message.getSoak(), at.field("soak"));
        Duration maxSoak =
                message.hasMaxSoak()
                        ? Times.read(message.getMaxSoak(), at.field("max_soak"))
                        : RampSpec.Step.defaultMaxSoak(soak);
        RampSpec.Advance advance =
                switch (message.getAdvance()) {
                    case ADVANCE_UNSPECIFIED, JUDGED -> RampSpec.Advance.JUDGED;
                    case APPROVED -> RampSpec.Advance.APPROVED;
                    case TIMED -> RampSpec.Advance.TIMED;
                    case UNRECOGNIZED -> {
                        at.field("advance")
                                .add(
                                        Integer.toString(message.getAdvanceValue()),
                                        "JUDGED, APPROVED or TIMED",
                                        "choose one of these");
                        yield RampSpec.Advance.JUDGED;
                    }
                };
        return new RampSpec.Step(share, soak, maxSoak, advance);
    }

    static Verdict verdict(dev.sluice.control.change.Verdict verdict) {
        return Verdict.newBuilder()
                .setStep(verdict.step())
                .setOutcome(
                        switch (verdict.outcome()) {
                            case NON_INFERIOR -> Verdict.Outcome.NON_INFERIOR;
                            case DEGRADED -> Verdict.Outcome.DEGRADED;
                            case UNDECIDED -> Verdict.Outcome.UNDECIDED;
                            case INVALID -> Verdict.Outcome.INVALID;
                        })
                .setTime(Times.write(verdict.time()))
                .setSharePpm(verdict.share().value())
                .setLegacy(totals(verdict.legacy()))
                .setNew(totals(verdict.fresh()))
                .setErrorEValue(verdict.errorEValue())
                .setSlowEValue(verdict.slowEValue())
                .setDifferenceUpperBound(verdict.differenceUpperBound())
                .setMargin(verdict.margin())
                .setJudgeVersion(verdict.judgeVersion())
                .setExplanation(verdict.explanation())
                .addAllQueries(
                        verdict.record().stream()
                                .flatMap(step -> step.queries().stream())
                                .flatMap(query -> QueryForm.newest(query).stream())
                                .toList())
                .addAllBefore(
                        verdict.record().stream()
                                .flatMap(step ->
                                        step.recorded().stream()
                                                .map(recorded -> before(recorded, step.policy())))
                                .toList())
                .build();
    }

    private static Verdict.Before before(Recorded recorded, JudgePolicy policy) {
        JudgedArm arm = recorded.own().requests() > 0 ? recorded.own() : recorded.carried();
        return Verdict.Before.newBuilder()
                .setGate(recorded.gate().name())
                .setLegacy(totals(arm.totals(policy.clientErrorsCount())))
                .setSource(recorded.source())
                .build();
    }

    private static Verdict.ArmTotals totals(dev.sluice.control.change.Verdict.ArmTotals totals) {
        return Verdict.ArmTotals.newBuilder()
                .setKeys(totals.keys())
                .setErrorKeys(totals.errorKeys())
                .setSlowKeys(totals.slowKeys())
                .setRequests(totals.requests())
                .setErrors(totals.errors())
                .setP50Micros(totals.p50Micros())
                .setP99Micros(totals.p99Micros())
                .build();
    }
}
