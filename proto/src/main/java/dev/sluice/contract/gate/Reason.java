package dev.sluice.contract.gate;

/** Why a request got its arm. */
public enum Reason {
    /** By the share over the bucketing key. */
    SHARE,
    /** By a rule with a fixed arm. */
    RULE,
    /** A decision made upstream of this sidecar. */
    CARRIED,
    /** No key; a random bucket. */
    RANDOM,
    /** No key; the policy says LEGACY, which holds until the share is 1,000,000. */
    MISSING_KEY,
    /** The sidecar has taken the gate's keys back by itself. */
    TRIP,
    /** The gate was ordered back. */
    KILL,
    /** The other arm answered: NEW had failed, or LEGACY is retired. */
    FALLBACK,
    /** A carried decision was too old and the request was decided here, by share. */
    CARRIED_STALE,
    /** Two live requests of one trace had different decisions; decided here, by share. */
    AMBIGUOUS,
    /** A write, which goes to the arm that the write authority gives its bucket. */
    WRITE_AUTHORITY
}
