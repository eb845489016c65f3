package dev.sluice.proxy.snapshot.runtime;

import dev.sluice.contract.PartsPerMillion;

/** One value of a runtime layer. Immutable. */
public sealed interface RuntimeValue {
    /** As it was written, for people. */
    String text();

    /** A number; also a text that is one. */
    record Numeral(String text, double value) implements RuntimeValue {
        /** Whether it is of 0..2^53; as a count, what stands behind the point is left out. */
        boolean isCount() {
            return value >= 0 && value <= 0x1p53;
        }

        /** It as a count. */
        long count() {
            return (long) value;
        }
    }

    /** Yes or no; also a text that says so. */
    record Flag(boolean value) implements RuntimeValue {
        @Override
        public String text() {
            return Boolean.toString(value);
        }
    }

    /** A share of all (Envoy {@code FractionalPercent}). */
    record Fraction(String text, PartsPerMillion share) implements RuntimeValue {}

    /** Anything else; no setting reads it. */
    record Text(String text) implements RuntimeValue {}
}
