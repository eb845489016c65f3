package dev.sluice.contract.gate;

/** How the two versions keep their data. */
public enum StoreKind {
    /** One store that views, triggers or tolerant readers keep valid for both versions. */
    SHARED,
    /** Two stores that dual writes keep in step. */
    SEPARATE
}
