package dev.sluice.control.change;

/** What an approver says of a revision of a plan. */
public enum Answer {
    APPROVED,
    /** Nothing goes on until it is withdrawn or the plan is edited. */
    REJECTED
}
