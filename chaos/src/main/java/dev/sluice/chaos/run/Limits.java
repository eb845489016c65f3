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
    private final Settings settings;
    private final Means means;
    private final SteadyState state;
    private final Findings findings;

    Limits(Settings settings, Means means, SteadyState state, Findings findings) {
        this.settings = settings;
        this.means = means;
        this.state = state;
        this.findings = findings;
    }

    /** Looks at each, with faults on for so long. */
    void check(Duration on) {
        for (Activity condition : settings.stop()) {
            if (state.met(condition, means.activities().run(condition))) {
                findings.add(
                        Verdict.ABORTED, "the stop condition '" + condition.name() + "' was met");
            }
        }
        settings.blastRadius()
                .duration()
                .filter(longest -> on.compareTo(longest) > 0)
                .ifPresent(longest ->
                        findings.add(
                                Verdict.ABORTED,
                                "faults were on for longer than the blast radius of "
                                        + longest.toMillis()
                                        + " ms"));
        if (!means.leases().plan().leases().isEmpty()) {
            check(settings.blastRadius(), means.leases());
        }
    }

    private void check(BlastRadius radius, Leases leases) {
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
