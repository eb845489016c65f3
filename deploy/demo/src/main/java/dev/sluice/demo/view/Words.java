package dev.sluice.demo.view;

import dev.sluice.admin.v1.Verdict.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** How values read for people. Stateless. */
final class Words {
    private Words() {}

    /** Such as {@code 0.5 %}. */
    static String percent(int partsPerMillion) {
        return BigDecimal.valueOf(partsPerMillion, 4).stripTrailingZeros().toPlainString() + " %";
    }

    /** With one decimal; a dash when nothing was measured. */
    static String millis(double millis) {
        return millis == 0 ? "–" : String.format(Locale.ROOT, "%.1f", millis);
    }

    /** Whole seconds, rounded up. */
    static String seconds(Duration time) {
        return Math.ceilDiv(time.toMillis(), 1_000L) + " s";
    }

    /** What the judge thinks of the new arm. */
    static String of(Outcome outcome) {
        return switch (outcome) {
            case NON_INFERIOR -> "not worse";
            case DEGRADED -> "WORSE";
            case UNDECIDED -> "undecided";
            case INVALID -> "invalid";
            case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }
}
