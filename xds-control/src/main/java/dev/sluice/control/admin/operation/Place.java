package dev.sluice.control.admin.operation;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.catalog.Operation;

/**
 * Where an operation stands in a list of the newest first. Immutable.
 *
 * @param begun event of the log that began it
 */
record Place(long begun) implements Comparable<Place> {
    static Place of(Operation operation) {
        return new Place(operation.begun());
    }

    /** What {@link #toString} says. */
    static Parsed<Place> parse(String text) {
        try {
            return Parsed.ok(new Place(Long.parseLong(text)));
        } catch (NumberFormatException _) {
            return Parsed.refused(
                    new Problem(
                            "",
                            Problem.quote(text),
                            "the number of an event",
                            "give the token as it was answered"));
        }
    }

    @Override
    public int compareTo(Place other) {
        return Long.compare(other.begun, begun);
    }

    @Override
    public String toString() {
        return Long.toString(begun);
    }
}
