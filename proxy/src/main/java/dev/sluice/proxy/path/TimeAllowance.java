package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.plan.GrpcTimeout;
import dev.sluice.proxy.plan.TimeLimits;
import dev.sluice.proxy.plan.TimeLimits.Telling;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec.GrpcLimit;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec.StreamLimit;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Works out how long a request may take, as Envoy does: what the route says, or the listener, and
 * what the client asks for. Immutable.
 *
 * <p>{@code x-envoy-upstream-rq-timeout-ms} and {@code x-envoy-upstream-rq-per-try-timeout-ms} are
 * left only in requests of internal clients, see {@link InternalClients}. {@code grpc-timeout}
 * counts where the route says up to what.
 *
 * @param listener timeouts of the client's side
 */
record TimeAllowance(Timeouts listener) {
    private static final AsciiString ANSWER = AsciiString.cached("x-envoy-upstream-rq-timeout-ms");
    private static final AsciiString PER_TRY =
            AsciiString.cached("x-envoy-upstream-rq-per-try-timeout-ms");

    /** About a hundred years: longer ones do not fit into nanoseconds. */
    private static final long LONGEST_MILLIS = Duration.ofDays(36_500).toMillis();

    private static final int MOST_DIGITS = 18;
    private static final Duration SHORTEST = Duration.ofNanos(1);

    /**
     * Works it out, and tells the upstream what it needs to know.
     *
     * @param headers of the upstream request, changed in place
     */
    TimeLimits allow(RouteActionSpec.Forward action, HeaderBlock headers) {
        RouteTimeoutSpec route = action.timeouts();
        boolean cutByGrpc =
                route.stream().isEmpty() && route.grpc().isPresent() && GrpcStatus.isCall(headers);
        Duration answer = taken(headers, ANSWER).orElseGet(() -> answer(route, cutByGrpc, headers));
        RetrySpec.PerTry perTry =
                action.retry().map(RetrySpec::perTry).orElse(RetrySpec.PerTry.NONE);
        Duration once = taken(headers, PER_TRY).orElse(perTry.timeout());
        boolean isPointless = !answer.isZero() && once.compareTo(answer) >= 0;
        Duration counted = isPointless ? Duration.ZERO : once;
        Duration stream = stream(route, headers);
        TimeLimits limits =
                new TimeLimits(
                        answer,
                        route.idle().orElse(listener.streamIdle()),
                        stream,
                        counted,
                        perTry.idle(),
                        perTry.slow() == RetrySpec.Slow.HEDGED ? Duration.ZERO : counted,
                        cutByGrpc ? Telling.EXPECTED_AND_GRPC : Telling.EXPECTED);
        limits.tell(headers, /* used= */ 0);
        return limits;
    }

    /**
     * How long a request may be kept waiting before it is sent: until the first of its times is
     * over, which run on meanwhile.
     *
     * @return zero: for ever
     */
    Duration patience(Exchange exchange, Optional<Route> route, RequestHead head) {
        long elapsed = exchange.readyNanos() - exchange.startNanos();
        return route.map(matched -> matched.spec().action())
                .filter(RouteActionSpec.Forward.class::isInstance)
                .map(action -> patience((RouteActionSpec.Forward) action, head.headers(), elapsed))
                .orElse(listener.streamIdle());
    }

    /**
     * @param elapsed since its head was complete, nanoseconds
     */
    Duration patience(RouteActionSpec.Forward action, HeaderBlock headers, long elapsed) {
        TimeLimits limits = allow(action, headers.copy());
        return Stream.of(limits.answer(), limits.idle(), rest(limits.stream(), elapsed))
                .filter(Duration::isPositive)
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static Duration rest(Duration limit, long elapsed) {
        Duration rest = limit.minusNanos(elapsed);
        return limit.isZero() || rest.isPositive() ? rest : SHORTEST;
    }

    private static Duration answer(RouteTimeoutSpec route, boolean cutByGrpc, HeaderBlock headers) {
        if (route.stream().isPresent()) {
            return Duration.ZERO;
        }
        if (!cutByGrpc) {
            return route.answer();
        }
        GrpcLimit limit = route.grpc().orElseThrow();
        Duration asked = GrpcTimeout.in(headers).orElse(Duration.ZERO);
        Duration kept = limit.offset().compareTo(asked) < 0 ? asked.minus(limit.offset()) : asked;
        return kept.isZero() || isOver(kept, limit.max()) ? limit.max() : kept;
    }

    /** The upstream is told the time in place of what the client asked for. */
    private Duration stream(RouteTimeoutSpec route, HeaderBlock headers) {
        Optional<Duration> asked = GrpcTimeout.in(headers);
        Optional<GrpcLimit> limit = route.stream().flatMap(StreamLimit::grpc);
        if (asked.isEmpty() || limit.isEmpty()) {
            Duration fixed = route.stream().flatMap(StreamLimit::max).orElse(listener.stream());
            if (asked.isPresent() && !fixed.isZero()) {
                GrpcTimeout.set(headers, fixed);
            }
            return fixed;
        }
        Duration cut = isOver(asked.get(), limit.get().max()) ? limit.get().max() : asked.get();
        Duration offset = limit.get().offset();
        Duration kept = offset.compareTo(cut) < 0 ? cut.minus(offset) : Duration.ZERO;
        GrpcTimeout.set(headers, kept);
        return kept.isZero() ? Duration.ofNanos(1) : kept;
    }

    private static boolean isOver(Duration asked, Duration max) {
        return !max.isZero() && asked.compareTo(max) > 0;
    }

    /** A time in milliseconds that the client asks for; it is for this proxy alone. */
    private static Optional<Duration> taken(HeaderBlock headers, AsciiString name) {
        @Nullable CharSequence text = headers.first(name);
        if (text == null) {
            return Optional.empty();
        }
        headers.remove(name);
        boolean isNumber =
                !text.isEmpty()
                        && text.length() <= MOST_DIGITS
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber
                ? Optional.of(
                        Duration.ofMillis(
                                Math.min(
                                        LONGEST_MILLIS,
                                        Long.parseLong(text, 0, text.length(), 10))))
                : Optional.empty();
    }
}
