package dev.sluice.contract.decide;

/** What a request brings along of a decision made upstream. Immutable. */
public sealed interface Carried {
    Carried NOTHING = new Nothing();
    Carried CONFLICT = new Conflict();

    /** Nothing, or nothing from somebody trusted. */
    record Nothing() implements Carried {}

    /** One decision. */
    record One(CarriedDecision decision) implements Carried {}

    /** Different decisions for one trace or in one request; none is honoured. */
    record Conflict() implements Carried {}

    /** One decision. */
    static Carried of(CarriedDecision decision) {
        return new One(decision);
    }
}
