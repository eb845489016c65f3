package dev.sluice.demo.view;

import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.Verdict;
import dev.sluice.admin.v1.Verdict.Outcome;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A ramp as it is shown again and again: the control plane's word on it, and beside each step what
 * users saw meanwhile. Used by one thread.
 */
public final class RampView {
    private final Screen screen;
    private final Ledger ledger;
    private final List<Step> past = new ArrayList<>();
    private int stepStart;

    /**
     * @param screen where it is shown
     * @param ledger of what users see; what is in it by now belongs to no step
     */
    public RampView(Screen screen, Ledger ledger) {
        this.screen = screen;
        this.ledger = ledger;
        this.stepStart = ledger.entries().size();
    }

    /**
     * One look at a ramp. Immutable.
     *
     * @param ramp by the control plane
     * @param phases where its migration is; empty for a ramp that stands alone
     * @param past steps that ended
     * @param present the step in force; the last one when the ramp has ended
     * @param time of the look
     */
    record Look(Ramp ramp, String phases, List<Step> past, Step present, Instant time) {
        Look {
            past = List.copyOf(past);
        }

        /** Share in force, parts per million. */
        int sharePpm() {
            return ramp.getState() == RampState.ROLLED_BACK ? 0 : present.sharePpm();
        }
    }

    /** Shows it as it is now. */
    public void show(Ramp ramp, Instant now) {
        show(ramp, "", now);
    }

    /**
     * Shows it as it is now.
     *
     * @param phases where its migration is
     */
    public void show(Ramp ramp, String phases, Instant now) {
        int known = past.size();
        Look look = look(ramp, phases, now);
        screen.ramp(look, past.subList(known, past.size()));
    }

    private Look look(Ramp ramp, String phases, Instant now) {
        List<Entry> seen = ledger.since(stepStart);
        while (past.size() < ramp.getHistoryCount()) {
            Verdict verdict = ramp.getHistory(past.size());
            past.add(Step.of(verdict.getSharePpm(), verdict.getOutcome(), seen));
            stepStart += seen.size();
            seen = List.of();
        }
        boolean over =
                ramp.getState() == RampState.SUCCEEDED || ramp.getState() == RampState.ROLLED_BACK;
        return new Look(
                ramp,
                phases,
                past,
                over && !past.isEmpty() ? past.getLast() : inForce(ramp, seen),
                now);
    }

    private static Step inForce(Ramp ramp, List<Entry> seen) {
        int step = Math.min(ramp.getCurrentStep(), ramp.getStepsCount() - 1);
        return Step.of(
                ramp.getSteps(step).getSharePpm(),
                ramp.hasVerdict() ? ramp.getVerdict().getOutcome() : Outcome.OUTCOME_UNSPECIFIED,
                seen);
    }
}
