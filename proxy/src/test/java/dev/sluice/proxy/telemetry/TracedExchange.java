package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.AttemptRecord;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceFacts;
import dev.sluice.proxy.snapshot.trace.SpanTag;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Sampling;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Spans;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Exchanges that are traced, for tests of spans. */
public final class TracedExchange {
    /** A collector, and who this proxy is. */
    public static final SpanTarget TARGET =
            new SpanTarget(
                    "collector",
                    SpanTarget.Protocol.GRPC,
                    "collector",
                    "/x",
                    Map.of(),
                    Duration.ofSeconds(30),
                    Map.of("service.name", "shop"));

    private static final TraceContext CONTEXT =
            new TraceContext(1, 2, 3, 4, /* sampled= */ true, "a=1");

    private TracedExchange() {}

    /** A GET to NEW whose second attempt was answered. */
    public static ExchangeRecord answered(SpanTag... tags) {
        return new LoggedExchange()
                .trace(
                        facts(
                                CONTEXT,
                                List.of(tags),
                                new AttemptRecord(
                                        5,
                                        "orders-new",
                                        Optional.of(host()),
                                        100,
                                        200,
                                        503,
                                        -1,
                                        ""),
                                new AttemptRecord(
                                        6,
                                        "orders-new",
                                        Optional.of(host()),
                                        300,
                                        400,
                                        200,
                                        -1,
                                        "")))
                .http();
    }

    /** A GET that was answered 504. */
    public static ExchangeRecord late() {
        return new LoggedExchange()
                .status(504)
                .flag(ResponseFlag.UPSTREAM_REQUEST_TIMEOUT, "no complete answer within 3 s")
                .trace(
                        facts(
                                CONTEXT,
                                List.of(),
                                new AttemptRecord(
                                        5,
                                        "orders-new",
                                        Optional.empty(),
                                        100,
                                        200,
                                        0,
                                        -1,
                                        "timeout")))
                .http();
    }

    /** A call that ended with this gRPC status. */
    public static ExchangeRecord grpc(int status) {
        return new LoggedExchange()
                .grpcStatus(status)
                .trace(
                        facts(
                                CONTEXT,
                                List.of(),
                                new AttemptRecord(
                                        5,
                                        "orders-new",
                                        Optional.of(host()),
                                        1,
                                        2,
                                        200,
                                        status,
                                        "")))
                .http();
    }

    /** A request that is traced, but not kept. */
    public static ExchangeRecord unsampled() {
        return new LoggedExchange()
                .trace(facts(new TraceContext(1, 2, 0, 4, /* sampled= */ false, ""), List.of()))
                .ungated();
    }

    private static TraceFacts facts(
            TraceContext context, List<SpanTag> tags, AttemptRecord... attempts) {
        return new TraceFacts(
                new TracingSpec(
                        TARGET,
                        Sampling.ALL,
                        tags,
                        Spans.REQUEST_AND_ATTEMPTS,
                        /* longestPath= */ 256),
                context,
                "http",
                Map.of("x-team", "orders"),
                List.of(attempts));
    }

    private static InetSocketAddress host() {
        return new InetSocketAddress(InetAddress.ofLiteral("10.1.2.3"), 8080);
    }
}
