package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Baseline;
import dev.sluice.contract.BaselineName;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.spec.BaselineSpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.ramp.BaselineFit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Baselines on the wire. Immutable.
 *
 * @param clock what their age is counted by
 */
public record BaselineForm(InstantSource clock)
        implements Form<Baseline, BaselineSpec, dev.sluice.control.catalog.Baseline> {
    @Override
    public Baseline write(dev.sluice.control.catalog.Baseline baseline, Catalog catalog) {
        BaselineSpec spec = baseline.spec();
        Refusals refusals = new Refusals();
        fit(catalog).refuseUnfit(baseline, refusals);
        return Baseline.newBuilder()
                .setName(spec.name().name())
                .setEtag(baseline.meta().etag())
                .setCreateTime(Times.write(baseline.meta().createTime()))
                .setUpdateTime(Times.write(baseline.meta().updateTime()))
                .setDisplayName(spec.description().displayName())
                .setOwner(spec.description().owner())
                .putAllLabels(spec.description().labels())
                .setTarget(spec.target().name())
                .setMaxAge(Times.write(spec.maxAge()))
                .setRecordTime(Times.write(baseline.recording().time()))
                .setRecorder(baseline.recorder().name())
                .setReason(baseline.reason())
                .addAllGates(baseline.recording().gates().stream().map(BaselineForm::gate).toList())
                .addAllUnfit(texts(refusals))
                .build();
    }

    @Override
    public Optional<BaselineSpec> read(Baseline message, Problems at) {
        int before = at.count();
        Optional<BaselineName> name = BaselineName.parse(message.getName(), at.field("name"));
        Optional<ShareTarget> target = RampForm.target(message.getTarget(), at.field("target"));
        Duration maxAge =
                message.hasMaxAge()
                        ? Times.read(message.getMaxAge(), at.field("max_age"))
                        : BaselineSpec.DEFAULT_MAX_AGE;
        if (at.count() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new BaselineSpec(
                        name.orElseThrow(),
                        new Description(
                                message.getDisplayName(),
                                message.getOwner(),
                                message.getLabelsMap()),
                        target.orElseThrow(),
                        maxAge));
    }

    /** What stands against judging the 100 % of a target as a policy says, for people. */
    List<String> unfit(JudgePolicy policy, ShareTarget target, Catalog catalog) {
        Refusals refusals = new Refusals();
        fit(catalog).refuseUnfit(policy, target, refusals);
        return texts(refusals);
    }

    private BaselineFit fit(Catalog catalog) {
        return new BaselineFit(catalog, clock.instant());
    }

    private static List<String> texts(Refusals refusals) {
        return refusals.all().stream().map(refusal -> refusal.problem().message()).toList();
    }

    private static Baseline.GateRecording gate(Recording.OfGate gate) {
        return Baseline.GateRecording.newBuilder()
                .setGate(gate.gate().name())
                .setRevision(gate.revision().toString())
                .setSince(Times.write(gate.since()))
                .setOwn(counts(gate.own()))
                .setCarried(counts(gate.carried()))
                .build();
    }

    private static Baseline.Counts counts(Recording.Counts counts) {
        JudgedArm arm = counts.arm();
        return Baseline.Counts.newBuilder()
                .setKeys(arm.keysAtLeast())
                .setErrorKeys(arm.errorKeys())
                .setRequests(arm.requests())
                .setClientErrors(arm.clientErrors())
                .setServerErrors(arm.serverErrors())
                .setResets(arm.resets())
                .setTimeouts(arm.timeouts())
                .setCancelled(arm.cancelled())
                .addAllLatency(
                        counts.latency().stream()
                                .map(quantile ->
                                        Baseline.Quantile.newBuilder()
                                                .setPpm(quantile.ppm())
                                                .setMicros(quantile.micros())
                                                .build())
                                .toList())
                .build();
    }
}
