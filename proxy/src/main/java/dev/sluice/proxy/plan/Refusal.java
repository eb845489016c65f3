package dev.sluice.proxy.plan;

import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ResponseFlag;
import java.util.Locale;
import java.util.Optional;

/**
 * Every way in which this proxy answers in place of an upstream because something is wrong. A gRPC
 * request gets HTTP 200 with the gRPC status instead of the HTTP status.
 */
public enum Refusal {
    BAD_PATH(
            Side.CLIENT,
            400,
            Grpc.INTERNAL,
            ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
            "http_request_error",
            "send a path that starts with a slash and whose percent-encoding is whole"),
    NO_ROUTE(
            Side.CLIENT,
            404,
            Grpc.UNIMPLEMENTED,
            ResponseFlag.NO_ROUTE,
            "destination_not_found",
            "add a route for this host and path, or correct the request"),
    UNAUTHENTICATED(
            Side.CLIENT,
            401,
            Grpc.UNAUTHENTICATED,
            "http_request_denied",
            "send a valid token of an issuer that the listener's rules name"),
    ACCESS_DENIED(
            Side.CLIENT,
            403,
            Grpc.PERMISSION_DENIED,
            "http_request_denied",
            "ask for what the listener's access rules allow, or change the rules"),
    UPGRADE_DENIED(
            Side.CLIENT,
            403,
            Grpc.PERMISSION_DENIED,
            "http_request_denied",
            "ask without Upgrade, or allow the protocol in upgrade_configs of route or listener"),
    LEGACY_RETIRED(
            Side.CLIENT,
            421,
            Grpc.FAILED_PRECONDITION,
            "http_request_denied",
            "call the new version: the gate is past its point of no return"),
    RATE_LIMITED(
            Side.CLIENT,
            429,
            Grpc.UNAVAILABLE,
            ResponseFlag.RATE_LIMITED,
            "http_request_denied",
            "send less, or raise the local rate limit"),
    RATE_EXHAUSTED(
            Side.CLIENT,
            429,
            Grpc.RESOURCE_EXHAUSTED,
            ResponseFlag.RATE_LIMITED,
            "http_request_denied",
            "send less, or raise the local rate limit"),
    OVERLOADED(
            Side.PROXY,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.OVERLOAD,
            "proxy_internal_response",
            "send it again a little later; give the proxy more memory, or more proxies"),
    NO_CLUSTER(
            Side.CONTROL,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.NO_CLUSTER,
            "destination_unavailable",
            "configure the cluster that the route names"),
    GATE_NOT_READY(
            Side.CONTROL,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.NO_CLUSTER,
            "destination_unavailable",
            "create the gate, or wait until the control plane has sent it"),
    WRITE_HELD(
            Side.CONTROL,
            503,
            Grpc.UNAVAILABLE,
            "destination_unavailable",
            "send it again a little later: nobody acted on it, and where its key is written to is"
                    + " being moved"),
    TAKEN_BACK(
            Side.CONTROL,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.LOCAL_RESET,
            "connection_terminated",
            "send it again: the gate was taken back, and the other arm answers now"),
    NO_HEALTHY_ENDPOINT(
            Side.UPSTREAM,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.NO_HEALTHY_UPSTREAM,
            "destination_unavailable",
            "start the service, or give its cluster endpoints"),
    CONNECT_FAILED(
            Side.UPSTREAM,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.UPSTREAM_CONNECTION_FAILURE,
            "connection_refused",
            "check that the service listens and is reachable"),
    OVERFLOW(
            Side.PROXY,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.UPSTREAM_OVERFLOW,
            "connection_limit_reached",
            "send less, or raise the cluster's circuit breaker"),
    DROPPED(
            Side.CONTROL,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.DROP_OVERLOAD,
            "destination_unavailable",
            "send less; the management server sheds load of this cluster (drop_overloads)"),
    UPSTREAM_CLOSED(
            Side.UPSTREAM,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.UPSTREAM_CONNECTION_TERMINATION,
            "connection_terminated",
            "look at why the service closed the connection"),
    UPSTREAM_RESET(
            Side.UPSTREAM,
            503,
            Grpc.UNAVAILABLE,
            ResponseFlag.UPSTREAM_REMOTE_RESET,
            "connection_terminated",
            "look at why the service reset the stream"),
    UPSTREAM_PROTOCOL_ERROR(
            Side.UPSTREAM,
            502,
            Grpc.UNAVAILABLE,
            ResponseFlag.UPSTREAM_PROTOCOL_ERROR,
            "http_protocol_error",
            "check which protocol the service speaks, and its answer"),
    UPSTREAM_TIMEOUT(
            Side.UPSTREAM,
            504,
            Grpc.DEADLINE_EXCEEDED,
            ResponseFlag.UPSTREAM_REQUEST_TIMEOUT,
            "http_response_timeout",
            "find out why the service is slow, or raise the route's timeout"),
    REQUEST_IDLE(
            Side.CLIENT,
            408,
            Grpc.DEADLINE_EXCEEDED,
            ResponseFlag.STREAM_IDLE_TIMEOUT,
            "http_request_error",
            "send the request without long pauses, or raise the idle timeout"),
    ANSWER_IDLE(
            Side.UPSTREAM,
            504,
            Grpc.DEADLINE_EXCEEDED,
            ResponseFlag.STREAM_IDLE_TIMEOUT,
            "http_response_timeout",
            "find out why the service stands still, or raise the idle timeout"),
    REQUEST_TOO_LONG(
            Side.CLIENT,
            408,
            Grpc.DEADLINE_EXCEEDED,
            ResponseFlag.DURATION_TIMEOUT,
            "http_request_error",
            "send the request faster, or raise max_stream_duration"),
    STREAM_TOO_LONG(
            Side.UPSTREAM,
            504,
            Grpc.DEADLINE_EXCEEDED,
            ResponseFlag.DURATION_TIMEOUT,
            "http_response_timeout",
            "find out why the service is slow, or raise max_stream_duration or grpc-timeout"),
    UPSTREAM_REQUEST_TOO_LONG(
            Side.CLIENT,
            408,
            Grpc.DEADLINE_EXCEEDED,
            ResponseFlag.UPSTREAM_MAX_STREAM_DURATION_REACHED,
            "http_request_error",
            "send the request faster, or raise the cluster's max_stream_duration"),
    UPSTREAM_STREAM_TOO_LONG(
            Side.UPSTREAM,
            504,
            Grpc.DEADLINE_EXCEEDED,
            ResponseFlag.UPSTREAM_MAX_STREAM_DURATION_REACHED,
            "http_response_timeout",
            "find out why the service is slow, or raise the cluster's max_stream_duration"),
    INTERNAL_ERROR(
            Side.PROXY,
            500,
            Grpc.INTERNAL,
            ResponseFlag.LOCAL_RESET,
            "proxy_internal_error",
            "report it with the proxy's log of this moment");

    private final Side side;
    private final int status;
    private final Grpc grpc;
    private final Optional<ResponseFlag> flag;
    private final String errorType;
    private final String remedy;

    /** A refusal that Envoy has no flag for. */
    Refusal(Side side, int status, Grpc grpc, String errorType, String remedy) {
        this(side, status, grpc, Optional.empty(), errorType, remedy);
    }

    Refusal(Side side, int status, Grpc grpc, ResponseFlag flag, String errorType, String remedy) {
        this(side, status, grpc, Optional.of(flag), errorType, remedy);
    }

    Refusal(
            Side side,
            int status,
            Grpc grpc,
            Optional<ResponseFlag> flag,
            String errorType,
            String remedy) {
        this.side = side;
        this.status = status;
        this.grpc = grpc;
        this.flag = flag;
        this.errorType = errorType;
        this.remedy = remedy;
    }

    /** Who can put it right. */
    public enum Side {
        CLIENT,
        PROXY,
        UPSTREAM,
        CONTROL
    }

    /** What the end of an upstream exchange without an answer means. */
    public static Refusal of(StreamReset.Cause cause) {
        return switch (cause) {
            case CONNECT_FAILED -> CONNECT_FAILED;
            case CONNECTION_LOST -> UPSTREAM_CLOSED;
            case PEER_RESET -> UPSTREAM_RESET;
            case PROTOCOL_ERROR -> UPSTREAM_PROTOCOL_ERROR;
            case OVERFLOW -> OVERFLOW;
            case LOCAL -> INTERNAL_ERROR;
        };
    }

    /** Name in logs, metrics and answers, such as {@code no_route}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Side side() {
        return side;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Number of the gRPC status. */
    public int grpcStatus() {
        return grpc.code();
    }

    /** Word in logs; empty where Envoy has none. */
    public Optional<ResponseFlag> flag() {
        return flag;
    }

    /** Whether the same request may succeed a little later without any change. */
    public boolean isRetryable() {
        return status == 503 || status == 504;
    }

    /** Error type of the {@code proxy-status} header (RFC 9209 section 2.3). */
    public String errorType() {
        return errorType;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
