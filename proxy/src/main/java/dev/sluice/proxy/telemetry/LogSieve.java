package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.operator.LoggedRequest;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.log.LogFilter;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says which exchanges get a line. Thread-safe.
 *
 * @param random any 64 bits, for samples
 * @param runtime values that may replace numbers of filters
 */
record LogSieve(LongSupplier random, RuntimeLayers runtime) {
    /** Hexadecimal digits of a request's id that decide a sample, as in Envoy. */
    private static final int ID_DIGITS = 8;

    private static final int HEX = 16;

    boolean passes(LogFilter filter, ExchangeRecord exchange) {
        return switch (filter) {
            case LogFilter.Status(var comparison) ->
                    comparison.holds(exchange.status(), runtime.values());
            case LogFilter.Duration(var comparison) ->
                    comparison.holds(
                            TimeUnit.NANOSECONDS.toMillis(exchange.times().total()),
                            runtime.values());
            case LogFilter.NotHealthCheck() ->
                    exchange.filterEvents().stream()
                            .noneMatch(event -> event.kind() == FilterEvent.Kind.HEALTH_CHECK);
            case LogFilter.Sampled sampled -> isDrawn(sampled, exchange);
            case LogFilter.All(var filters) ->
                    filters.stream().allMatch(one -> passes(one, exchange));
            case LogFilter.Any(var filters) ->
                    filters.stream().anyMatch(one -> passes(one, exchange));
            case LogFilter.Header(var matcher) -> matcher.matches(new LoggedRequest(exchange));
            case LogFilter.Flags(var words) ->
                    exchange.flags().stream()
                            .anyMatch(flag -> words.isEmpty() || words.contains(flag.word()));
            case LogFilter.GrpcStatus(var codes, var sense) ->
                    codes.contains(grpcStatus(exchange)) == (sense == LogFilter.Sense.PASS);
        };
    }

    private boolean isDrawn(LogFilter.Sampled sampled, ExchangeRecord exchange) {
        OptionalLong pivot =
                sampled.draw() == LogFilter.Draw.REQUEST_ID
                        ? pivot(exchange.requestId())
                        : OptionalLong.empty();
        long drawn = pivot.orElseGet(() -> random.getAsLong() >>> 1);
        return drawn % sampled.of() < runtime.values().number(sampled.share());
    }

    private static OptionalLong pivot(String id) {
        if (id.length() < ID_DIGITS) {
            return OptionalLong.empty();
        }
        String digits = id.substring(0, ID_DIGITS);
        return digits.chars().allMatch(c -> Character.digit(c, HEX) >= 0 && c < 0x80)
                ? OptionalLong.of(Long.parseLong(digits, HEX))
                : OptionalLong.empty();
    }

    /** Of the answer, or what its HTTP status means to a client of gRPC. */
    private static int grpcStatus(ExchangeRecord exchange) {
        if (exchange.grpcStatus() >= 0) {
            return exchange.grpcStatus();
        }
        return GrpcStatus.ofHttp(exchange.status());
    }
}
