package dev.sluice.proxy.plan;

/** Who gave the answer that the client gets. */
public enum AnsweredBy {
    /** The upstream that the plan names first. */
    TARGET,
    /** The upstream that the plan falls back on. */
    FALLBACK,
    /** This proxy. */
    PROXY
}
