package dev.sluice.contract.gate;

/** The versions of a service between which a gate chooses. */
public enum Arm {
    /** The version that reads and writes the old schema. */
    LEGACY,
    /** The version that reads and writes the new schema. */
    NEW;

    public Arm other() {
        return this == LEGACY ? NEW : LEGACY;
    }
}
