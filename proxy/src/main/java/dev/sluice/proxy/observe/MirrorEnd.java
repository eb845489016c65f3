package dev.sluice.proxy.observe;

import java.util.Locale;

/** What became of a mirrored request. */
public enum MirrorEnd {
    /** It was sent whole, and its answer read to the end. */
    ANSWERED,
    /** Its cluster is not configured, or no header names one. */
    NO_CLUSTER,
    /** This proxy sheds load, and copies are shed first. */
    SHED,
    /** Its cluster has no endpoint that may be asked. */
    NO_ENDPOINT,
    /** A circuit breaker of its cluster is full. */
    OVERFLOW,
    /** No connection, or the endpoint broke off. */
    FAILED,
    /** The endpoint took the body too slowly: more waited than may. */
    SLOW,
    /** The request that it copies did not come to its end. */
    UNFINISHED,
    /** The answer was not there in time. */
    TIMEOUT;

    /** Value of the label {@code outcome}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
