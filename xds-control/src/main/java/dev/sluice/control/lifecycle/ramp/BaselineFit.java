package dev.sluice.control.lifecycle.ramp;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.Baseline;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a baseline still tells what LEGACY does: it is not too old, and what decides whose
 * requests LEGACY answers, and by what it answers them, is as it was. Share and modes may be
 * others. Immutable.
 */
public record BaselineFit(Catalog catalog, Instant now) {

    /** Notes what stands against judging the 100 % of a target as its policy says. */
    public void refuseUnfit(JudgePolicy policy, ShareTarget target, Refusals refusals) {
        policy.baseline()
                .ifPresent(name ->
                        find(name, refusals)
                                .ifPresent(found -> refuseUnfit(found, target, refusals)));
    }

    /** The baseline, after noting that it is missing where it is. */
    Optional<Baseline> find(BaselineName name, Refusals refusals) {
        Optional<Baseline> found = catalog.baseline(name);
        if (found.isEmpty()) {
            refuse(
                    name + " is not recorded",
                    "a recorded baseline",
                    "record it while LEGACY answers: sluice baseline record " + name.id(),
                    refusals);
        }
        return found;
    }

    private void refuseUnfit(Baseline baseline, ShareTarget target, Refusals refusals) {
        if (!baseline.spec().target().equals(target)) {
            refuse(
                    baseline.name() + " is of " + baseline.spec().target().name(),
                    "one of " + target.name(),
                    "name another, or record one of this target",
                    refusals);
            return;
        }
        refuseUnfit(baseline, refusals);
    }

    /** Notes what stands against going by a baseline for its own target. */
    public void refuseUnfit(Baseline baseline, Refusals refusals) {
        if (now.isAfter(baseline.end())) {
            refuse(
                    baseline.name() + " was recorded at " + baseline.recording().time(),
                    "one that is at most " + baseline.spec().maxAge() + " old",
                    again(baseline),
                    refusals);
        }
        for (GateState gate : catalog.gatesOf(baseline.spec().target())) {
            changes(gate, baseline.recording())
                    .forEach(change ->
                            refuse(
                                    baseline.name() + " was recorded before " + change,
                                    "one of the present state of " + gate.name(),
                                    again(baseline),
                                    refusals));
        }
    }

    /** What of a gate is not as it was recorded. */
    private List<String> changes(GateState gate, Recording recording) {
        Optional<Recording.OfGate> counted = recording.of(gate.name());
        if (counted.isEmpty()) {
            return List.of(gate.name() + " joined its target");
        }
        return gate.revision(counted.get().revision())
                .map(then -> changes(then, gate.content(), recording.time()))
                .orElseGet(() -> List.of(gate.name() + " was made anew"));
    }

    private List<String> changes(GateRevisionEntry recorded, Gate now, Instant time) {
        Gate then = recorded.spec().content();
        List<String> changes = new ArrayList<>();
        if (!then.legacyCluster().equals(now.legacyCluster())) {
            changes.add("LEGACY of " + now.name() + " became " + now.legacyCluster());
        }
        if (!then.bucketing().key().equals(now.bucketing().key())) {
            changes.add("the key of " + now.name() + " changed");
        }
        if (!then.rules().equals(now.rules())) {
            changes.add("the rules of " + now.name() + " changed");
        }
        if (hasChanged(now, time)) {
            changes.add(now.legacyCluster() + " changed");
        }
        return changes;
    }

    /** Whether the legacy version of a gate was changed after a time. */
    boolean hasChanged(Gate gate, Instant time) {
        return VersionName.parse(gate.legacyCluster())
                .toOptional()
                .flatMap(catalog::version)
                .filter(version -> version.meta().updateTime().isAfter(time))
                .isPresent();
    }

    private static String again(Baseline baseline) {
        return "record it again while LEGACY answers: sluice baseline record "
                + baseline.name().id();
    }

    private static void refuse(String got, String expected, String remedy, Refusals refusals) {
        refusals.precondition("judge.baseline", got, expected, remedy);
    }
}
