package dev.sluice.control.catalog;

import dev.sluice.contract.RampName;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.RampSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A ramp as it is. Immutable.
 *
 * @param stateTime when it came to that state
 * @param step index of the step in force
 * @param stepTime when that step was put in force
 * @param stepAppliedTime when every live node had applied it; its soak counts from here
 * @param verdict newest recorded verdict on the step in force
 * @param message why it is where it is, for people
 * @param history the last verdict of each step that was left, in order
 */
public record Ramp(
        RampSpec spec,
        RampState state,
        Instant stateTime,
        int step,
        Instant stepTime,
        Optional<Instant> stepAppliedTime,
        Optional<Verdict> verdict,
        String message,
        List<Verdict> history,
        Meta meta)
        implements Resource {
    public Ramp {
        history = List.copyOf(history);
    }

    public RampName name() {
        return spec.name();
    }

    /** The step in force. */
    public RampSpec.Step currentStep() {
        return spec.steps().get(step);
    }

    public boolean isLastStep() {
        return step == spec.steps().size() - 1;
    }

    @Override
    public String resourceName() {
        return name().name();
    }

    static Ramp started(RampSpec spec, Instant time, Meta meta) {
        return new Ramp(
                spec,
                RampState.RUNNING,
                time,
                0,
                time,
                Optional.empty(),
                Optional.empty(),
                "step 1 of " + spec.steps().size() + " is on its way to the sidecars",
                List.of(),
                meta);
    }

    Ramp stepped(int to, Instant time, Meta changed) {
        return new Ramp(
                spec,
                RampState.RUNNING,
                state == RampState.RUNNING ? stateTime : time,
                to,
                time,
                Optional.empty(),
                Optional.empty(),
                "step "
                        + (to + 1)
                        + " of "
                        + spec.steps().size()
                        + " is on its way to the sidecars",
                closed(),
                changed);
    }

    Ramp applied(Instant time, Meta changed) {
        return new Ramp(
                spec,
                state,
                stateTime,
                step,
                stepTime,
                Optional.of(time),
                verdict,
                "step " + (step + 1) + " of " + spec.steps().size() + " is in force everywhere",
                history,
                changed);
    }

    Ramp judged(Verdict newest, Meta changed) {
        return new Ramp(
                spec,
                state,
                stateTime,
                step,
                stepTime,
                stepAppliedTime,
                Optional.of(newest),
                newest.explanation(),
                history,
                changed);
    }

    Ramp moved(RampState to, String why, Meta changed) {
        return new Ramp(
                spec,
                to,
                state == to ? stateTime : changed.updateTime(),
                step,
                stepTime,
                stepAppliedTime,
                verdict,
                why,
                to.isActive() ? history : closed(),
                changed);
    }

    private List<Verdict> closed() {
        List<Verdict> all = new ArrayList<>(history);
        verdict.ifPresent(all::add);
        return all;
    }
}
