package dev.sluice.contract.gate;

/** Whether trip, kill and rollback may move keys from {@code to} back to {@code from}. */
public enum TakeBack {
    /** Keys may go back. */
    FROM,
    /** Past the point of no return: a kill is refused, a trip only alarms. */
    FORBIDDEN
}
