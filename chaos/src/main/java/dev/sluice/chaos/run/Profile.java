package dev.sluice.chaos.run;

/** Whose judgement a run follows. */
public enum Profile {
    /** Ours: what was not shown did not happen. */
    STRICT,
    /** The Chaos Toolkit's, its false greens included: for comparing the two. */
    CTK
}
