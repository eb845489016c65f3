package dev.sluice.control.change.spec;

import dev.sluice.contract.Problems;
import dev.sluice.contract.WindowName;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A time in which migrations may, or may not, go on. Immutable; ranges are checked by {@code
 * lifecycle}.
 *
 * @param start when it opens first, by the clocks of its zone
 * @param zone IANA name
 * @param length how long it stays open each time, 1 min..366 d
 * @param rule of {@link Recurrence}; empty for once
 * @param lastDay on which it opens; empty for no end
 * @param risks of the migrations that it is for; empty for all
 * @param phases that it is about going on to; empty for all
 */
public record WindowSpec(
        WindowName name,
        Description description,
        Kind kind,
        LocalDateTime start,
        String zone,
        Duration length,
        Optional<String> rule,
        Optional<LocalDate> lastDay,
        List<Risk> risks,
        List<Phase> phases) {
    public WindowSpec {
        risks = risks.stream().sorted().distinct().toList();
        phases = phases.stream().sorted().distinct().toList();
    }

    /** What it is for. */
    public enum Kind {
        /** One of these must be open where one applies. */
        ALLOW,
        /** None of these may be open. */
        FREEZE,
        /** Hours of much traffic: none of these may be open, nor is any share raised then. */
        PEAK;

        /** Whether it holds what is under way rather than letting it go on. */
        public boolean holds() {
            return this != ALLOW;
        }
    }

    /** Whether it has a say in a step. */
    public boolean appliesTo(Risk risk, Phase next) {
        return (risks.isEmpty() || risks.contains(risk))
                && (phases.isEmpty() || phases.contains(next));
    }

    public ZoneId zoneId() {
        return ZoneId.of(zone);
    }

    /** The rule as it was read; empty for once. */
    public Optional<Recurrence> recurrence() {
        return rule.flatMap(text -> Recurrence.parse(text, Problems.root()));
    }
}
