package dev.sluice.control.lifecycle.ramp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RampName;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RampSpec.Advance;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a log of ramps over one gate promises, from its events alone: the orchestrator ends a step
 * as its plan says, on evidence of what is there, and data that is missing is no success.
 */
final class RampModel {
    private final Map<RampName, Work> works = new HashMap<>();
    private final Map<Advance, Integer> ended = new EnumMap<>(Advance.class);
    private Instant gateChanged = Instant.EPOCH;
    private Instant versionChanged = Instant.EPOCH;

    private static final class Work {
        final RampSpec spec;
        int step;
        Instant since;
        Optional<Instant> applied = Optional.empty();
        Optional<Verdict> verdict = Optional.empty();

        Work(RampSpec spec, Instant since) {
            this.spec = spec;
            this.since = since;
        }
    }

    /** How many steps the orchestrator ended, by the way in which they end. */
    Map<Advance, Integer> ended() {
        return ended;
    }

    void read(LoggedEvent logged) {
        Instant time = logged.stamp().time();
        boolean byItself = logged.stamp().principal().equals(Principal.ORCHESTRATOR);
        switch (logged.event()) {
            case Event.RampStarted(var spec) -> works.put(spec.name(), new Work(spec, time));
            case Event.RampStepApplied(var name, int _) -> work(name).applied = Optional.of(time);
            case Event.RampJudged(var name, var verdict) ->
                    work(name).verdict = Optional.of(verdict);
            case Event.RampStepped(var name, int step) -> {
                Work work = work(name);
                if (byItself) {
                    assertThat(step).as("a neighbour").isEqualTo(work.step + 1);
                    end(work, time);
                }
                work.step = step;
                work.since = time;
                work.applied = Optional.empty();
                work.verdict = Optional.empty();
            }
            case Event.RampMoved(var name, var state, var _) -> {
                if (byItself && state == RampState.SUCCEEDED) {
                    end(work(name), time);
                }
            }
            case Event.GatesRevised(var _, var _) -> gateChanged = time;
            case Event.VersionPut(var _) -> versionChanged = time;
            default -> {} // nothing is promised of the others here
        }
    }

    private Work work(RampName name) {
        return Objects.requireNonNull(works.get(name), name::name);
    }

    private void end(Work work, Instant time) {
        RampSpec.Step step = work.spec.steps().get(work.step);
        Instant applied = work.applied.orElse(Instant.MAX);
        promise("applied", work.applied.isPresent());
        promise("SOAK", !time.isBefore(applied.plus(step.soak())));
        promise("PERSON", step.advance() != Advance.APPROVED);
        if (step.advance() == Advance.JUDGED) {
            promise(
                    "VERDICT",
                    work.verdict
                            .filter(it -> it.outcome() == Verdict.Outcome.NON_INFERIOR)
                            .isPresent());
            Instant judged = work.verdict.get().time();
            promise("FRESH", !judged.isBefore(applied) && !judged.isBefore(gateChanged));
            promise("FRESH", !versionChanged.isAfter(work.since));
        }
        ended.merge(step.advance(), 1, Integer::sum);
    }

    private static void promise(String guard, boolean kept) {
        assertThat(kept).as(guard).isTrue();
    }
}
