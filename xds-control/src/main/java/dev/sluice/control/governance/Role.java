package dev.sluice.control.governance;

/** What a principal may do; each role may do what those before it may. */
public enum Role {
    /** Look. */
    READER,
    /** Move keys: shares, rollback, kill, resume, ramps. */
    OPERATOR,
    /** Everything a person can do. */
    ADMIN
}
