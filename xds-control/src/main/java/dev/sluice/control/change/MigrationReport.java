package dev.sluice.control.change;

/**
 * What a job says of a step that only it can do, such as a backfill. Immutable.
 *
 * @param step such as {@code backfill}; one of those that the phase awaits
 * @param summary for people, 1..1,024 characters
 */
public record MigrationReport(String step, Outcome outcome, String summary) {
    /** How the step ended. */
    public enum Outcome {
        SUCCEEDED,
        FAILED
    }
}
