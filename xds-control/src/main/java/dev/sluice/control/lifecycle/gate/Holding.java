package dev.sluice.control.lifecycle.gate;

/** Whether writes that are to change sides can be held now. */
public enum Holding {
    /** Nobody decides by these gates: they are where they should be at once. */
    NOT_NEEDED,
    /** Every live node is here and has applied the last revision, so it will follow soon. */
    NOW,
    /** Some node would keep the others waiting. */
    LATER
}
