package dev.sluice.proxy.observe;

/**
 * Why an exchange did not simply carry the upstream's answer: the words of Envoy's {@code
 * %RESPONSE_FLAGS%}.
 */
public enum ResponseFlag {
    NO_ROUTE("NR", "NoRouteFound"),
    NO_CLUSTER("NC", "NoClusterFound"),
    NO_HEALTHY_UPSTREAM("UH", "NoHealthyUpstream"),
    UPSTREAM_CONNECTION_FAILURE("UF", "UpstreamConnectionFailure"),
    UPSTREAM_OVERFLOW("UO", "UpstreamOverflow"),
    UPSTREAM_REQUEST_TIMEOUT("UT", "UpstreamRequestTimeout"),
    UPSTREAM_CONNECTION_TERMINATION("UC", "UpstreamConnectionTermination"),
    UPSTREAM_REMOTE_RESET("UR", "UpstreamRemoteReset"),
    LOCAL_RESET("LR", "LocalReset"),
    UPSTREAM_PROTOCOL_ERROR("UPE", "UpstreamProtocolError"),
    UPSTREAM_RETRY_LIMIT_EXCEEDED("URX", "UpstreamRetryLimitExceeded"),
    DOWNSTREAM_CONNECTION_TERMINATION("DC", "DownstreamConnectionTermination"),
    DOWNSTREAM_PROTOCOL_ERROR("DPE", "DownstreamProtocolError"),
    STREAM_IDLE_TIMEOUT("SI", "StreamIdleTimeout"),
    DURATION_TIMEOUT("DT", "DurationTimeout"),
    UPSTREAM_MAX_STREAM_DURATION_REACHED("UMSDR", "UpstreamMaxStreamDurationReached"),
    DELAY_INJECTED("DI", "DelayInjected"),
    FAULT_INJECTED("FI", "FaultInjected"),
    RATE_LIMITED("RL", "RateLimited"),
    OVERLOAD("OM", "OverloadManagerTerminated"),
    DROP_OVERLOAD("DO", "DropOverload");

    private final String word;
    private final String longWord;

    ResponseFlag(String word, String longWord) {
        this.word = word;
        this.longWord = longWord;
    }

    /** As {@code %RESPONSE_FLAGS_LONG%} writes it. */
    public String longWord() {
        return longWord;
    }

    public String word() {
        return word;
    }
}
