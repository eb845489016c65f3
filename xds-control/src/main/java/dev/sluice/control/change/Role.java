package dev.sluice.control.change;

/** What a principal may do. A principal may have several. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Move keys: shares, rollback, kill, resume, ramps, migrations. Looks, too. */
    OPERATOR,
    /** Say yes or no to what others plan. Looks, too. */
    APPROVER,
    /** Everything a person can do. */
    ADMIN;

    /** Whether who has this role may do what another is needed for. */
    public boolean covers(Role needed) {
        return this == ADMIN || this == needed || needed == VIEWER;
    }
}
