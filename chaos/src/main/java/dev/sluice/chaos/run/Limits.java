package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.BlastRadius;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.fault.LeaseCount;
import dev.sluice.chaos.fault.Leases;
import java.time.Duration;
import java.util.List;

/** What ends a run early while faults are on. Owned by the thread that runs. */
final class Limits {
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Settings settings;
    private final Leases leases;
    private final SteadyState state;
    private final Findings findings;

    Limits(Settings settings, Leases leases, SteadyState state, Findings findings) {
        this.settings = settings;
        this.leases = leases;
        this.state = state;
        this.findings = findings;
    }

    /**
     * How long faults may still be on, after so long; at least a moment, and without a limit an
     * hour.
     */
    Duration left(Duration on) {
        return settings.blastRadius()
                .duration()
                .map(longest -> longest.minus(on).plus(MOMENT))
                .filter(left -> left.compareTo(LONGEST) < 0)
                .map(left -> left.compareTo(MOMENT) < 0 ? MOMENT : left)
                .orElse(LONGEST);
    }

    /** Looks whether faults have been on for too long. */
    void check(Duration on) {
        settings.blastRadius()
                .duration()
                .filter(longest -> on.compareTo(longest) > 0)
                .ifPresent(longest ->
                        findings.add(
                                Verdict.ABORTED,
                                "faults were on for longer than the blast radius of "
                                        + longest.toMillis()
                                        + " ms"));
    }

    /** Asks stop conditions and sidecars. */
    void ask() {
        for (Activity condition : settings.stop()) {
            if (state.asked(condition)) {
                findings.add(
                        Verdict.ABORTED, "the stop condition '" + condition.name() + "' was met");
            }
        }
        if (!leases.plan().leases().isEmpty()) {
            check(settings.blastRadius());
        }
    }

    private void check(BlastRadius radius) {
        List<LeaseCount> counts = leases.count();
        counts.forEach(this::checkOn);
        long met = counts.stream().mapToLong(LeaseCount::matched).sum();
        if (radius.requests().isPresent() && met >= radius.requests().getAsLong()) {
            findings.add(
                    Verdict.ABORTED,
                    "faults have met all the requests of the blast radius, "
                            + radius.requests().getAsLong());
        }
        if (radius.errors().isPresent() && leases.errors() > radius.errors().getAsLong()) {
            findings.add(
                    Verdict.ABORTED,
                    "users got more errors than the blast radius of "
                            + radius.errors().getAsLong());
        }
    }

    /**
     * A lease that is gone while the run lives means a sidecar that began anew, or another hand.
     */
    private void checkOn(LeaseCount count) {
        switch (count.state()) {
            case "ACTIVE", "SPENT", LeaseCount.UNKNOWN -> {}
            default ->
                    findings.add(
                            Verdict.INCONCLUSIVE,
                            "%s is %s on %s, before its end"
                                    .formatted(
                                            count.lease().name(),
                                            count.state(),
                                            count.lease().sidecar()));
        }
    }
}
