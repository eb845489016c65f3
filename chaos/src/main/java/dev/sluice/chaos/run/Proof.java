package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.fault.LeaseCount;
import dev.sluice.chaos.fault.Leases;
import dev.sluice.chaos.fault.PlannedLease;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.chaos.report.Journal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * That the faults reached their targets: by the witness of the experiment and by the counters of
 * the leases. Made before the first fault. Owned by the thread that runs.
 */
final class Proof {
    private final Settings settings;
    private final Leases leases;
    private final SteadyState state;
    private final Findings findings;
    private final Journal journal;
    private final Cut cut;
    private final Optional<Long> before;

    /**
     * @param cut once it is made nobody is asked, as the faults must go at once, and what is not
     *     known is no finding
     */
    Proof(
            Settings settings,
            Leases leases,
            SteadyState state,
            Findings findings,
            Journal journal,
            Cut cut) {
        this.settings = settings;
        this.leases = leases;
        this.state = state;
        this.findings = findings;
        this.journal = journal;
        this.cut = cut;
        this.before = settings.witness().flatMap(state::count);
    }

    /** Looks while the faults are still on. */
    void check() {
        settings.witness().ifPresent(this::checkWitness);
        checkLeases();
    }

    private void checkWitness(Settings.Witness witness) {
        Optional<Long> growth = before.flatMap(from -> state.count(witness).map(to -> to - from));
        journal.witness(growth, witness.atLeast());
        if (!cut.isMade() && (growth.isEmpty() || growth.get() < witness.atLeast())) {
            findings.add(
                    Verdict.INCONCLUSIVE,
                    "the witness grew by %s (expected: %d or more)"
                            .formatted(
                                    growth.map(Object::toString).orElse("an unknown number"),
                                    witness.atLeast()));
        }
    }

    /** Each fault must have changed attempts, on all its sidecars together. */
    private void checkLeases() {
        List<LeaseCount> counts = cut.isMade() ? leases.counted() : leases.count();
        counts.forEach(journal::lease);
        Map<Integer, Long> injected =
                counts.stream()
                        .collect(
                                Collectors.groupingBy(
                                        count -> count.lease().fault(),
                                        Collectors.summingLong(LeaseCount::injected)));
        for (LeaseCount count : counts) {
            PlannedLease lease = count.lease();
            long changed = injected.getOrDefault(lease.fault(), 0L);
            if (!cut.isMade() && changed < lease.atLeast()) {
                findings.add(
                        Verdict.INCONCLUSIVE,
                        "%s changed %d attempts (expected: %d or more)"
                                .formatted(lease.name(), changed, lease.atLeast()));
            }
        }
    }
}
