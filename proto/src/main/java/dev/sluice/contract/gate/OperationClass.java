package dev.sluice.contract.gate;

/** What a request may do to data, and so whether it may be duplicated or repeated. */
public enum OperationClass {
    /** Changes nothing; may be run twice and on both arms. */
    READ,
    /** Changes data; running it twice equals running it once. */
    IDEMPOTENT_WRITE,
    /** Changes data; never duplicated or repeated silently. The class of everything undeclared. */
    UNSAFE_WRITE,
    /** Long-lived exchange of messages; decided once at its start, never repeated. */
    STREAM
}
