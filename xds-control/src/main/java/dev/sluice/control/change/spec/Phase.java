package dev.sluice.control.change.spec;

/** The phases of a migration, in the order in which it walks. Source: design of the lifecycle. */
public enum Phase {
    /** The new schema is made beside the old; no key moves. */
    EXPAND,
    /** Writes go to the old store, then to the new. SEPARATE stores only. */
    DUAL_WRITE,
    /** What was written before is copied; after dual writes, else changes would be lost. */
    BACKFILL,
    /** Both sides are compared at rest. */
    VERIFY,
    /** Reads run on both sides and are compared; the old one answers. SEPARATE stores only. */
    SHADOW,
    /** Keys move to the new side in judged steps, the last below 100 %. */
    RAMP,
    /** Every key is on the new side, judged against what legacy did before. */
    SOAK,
    /** Reads run on the new side alone; writes still go back. SEPARATE stores only. */
    RAMP_DOWN,
    /** Nobody may call the old side any more. */
    DRAIN,
    /** The old schema is taken away. */
    CONTRACT,
    /** Over. */
    DONE;

    /** How far a migration is within its phase. */
    public enum Progress {
        /** Not begun. */
        PLANNED,
        /** The gates' modes are on their way to the sidecars; no key has moved. */
        STEPPING,
        /** Keys move, or their share is on its way to the sidecars. */
        MOVING,
        /** Applied everywhere; the soak counts from here. */
        RESTING
    }
}
