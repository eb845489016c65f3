package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Tolerances whose variables get values. Stateless. */
public final class Tolerances {
    private Tolerances() {}

    /** The tolerance with these values; empty when it can't be read with them. */
    public static Optional<Tolerance> filled(Tolerance tolerance, Substitution values) {
        return tolerance instanceof Tolerance.Unfilled(JsonNode source)
                ? ToleranceReader.filled(Fields.alone(values.in(source)))
                : Optional.of(tolerance);
    }
}
