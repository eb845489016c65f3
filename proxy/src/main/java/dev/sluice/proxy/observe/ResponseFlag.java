package dev.sluice.proxy.observe;

/**
 * Why an exchange did not simply carry the upstream's answer: the words of Envoy's {@code
 * %RESPONSE_FLAGS%}.
 */
public enum ResponseFlag {
    NO_ROUTE("NR"),
    NO_CLUSTER("NC"),
    NO_HEALTHY_UPSTREAM("UH"),
    UPSTREAM_CONNECTION_FAILURE("UF"),
    UPSTREAM_OVERFLOW("UO"),
    UPSTREAM_REQUEST_TIMEOUT("UT"),
    UPSTREAM_CONNECTION_TERMINATION("UC"),
    UPSTREAM_REMOTE_RESET("UR"),
    LOCAL_RESET("LR"),
    UPSTREAM_PROTOCOL_ERROR("UPE"),
    UPSTREAM_RETRY_LIMIT_EXCEEDED("URX"),
    DOWNSTREAM_CONNECTION_TERMINATION("DC"),
    DOWNSTREAM_PROTOCOL_ERROR("DPE"),
    STREAM_IDLE_TIMEOUT("SI"),
    DURATION_TIMEOUT("DT"),
    UPSTREAM_MAX_STREAM_DURATION_REACHED("UMSDR"),
    DELAY_INJECTED("DI"),
    FAULT_INJECTED("FI"),
    RATE_LIMITED("RL"),
    OVERLOAD("OM"),
    DROP_OVERLOAD("DO");

    private final String word;

    ResponseFlag(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
