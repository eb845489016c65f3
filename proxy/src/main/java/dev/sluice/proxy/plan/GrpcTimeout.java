package dev.sluice.proxy.plan;

import dev.sluice.proxy.exchange.HeaderBlock;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code grpc-timeout}: at most eight digits and a unit (gRPC over HTTP2,
 * PROTOCOL-HTTP2.md). Stateless.
 */
public final class GrpcTimeout {
    private static final AsciiString NAME = AsciiString.cached("grpc-timeout");
    private static final int MOST_DIGITS = 8;
    private static final long MOST = 99_999_999;

    private GrpcTimeout() {}

    /** What a request says, in whole milliseconds, rounded up; empty when nothing can be read. */
    public static Optional<Duration> in(HeaderBlock request) {
        @Nullable CharSequence text = request.first(NAME);
        if (text == null || text.length() < 2 || text.length() > MOST_DIGITS + 1) {
            return Optional.empty();
        }
        int digits = text.length() - 1;
        for (int i = 0; i < digits; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        long value = Long.parseLong(text, 0, digits, 10);
        return switch (text.charAt(digits)) {
            case 'H' -> Optional.of(Duration.ofHours(value));
            case 'M' -> Optional.of(Duration.ofMinutes(value));
            case 'S' -> Optional.of(Duration.ofSeconds(value));
            case 'm' -> Optional.of(Duration.ofMillis(value));
            case 'u' -> Optional.of(Duration.ofMillis(Math.ceilDiv(value, 1_000)));
            case 'n' -> Optional.of(Duration.ofMillis(Math.ceilDiv(value, 1_000_000)));
            default -> Optional.empty();
        };
    }

    /** Says it in the finest unit, from milliseconds up, that has room for it. */
    public static void set(HeaderBlock headers, Duration timeout) {
        headers.set(NAME, text(timeout));
    }

    private static String text(Duration timeout) {
        if (timeout.toMillis() <= MOST) {
            return timeout.toMillis() + "m";
        }
        if (timeout.toSeconds() <= MOST) {
            return timeout.toSeconds() + "S";
        }
        return timeout.toMinutes() <= MOST
                ? timeout.toMinutes() + "M"
                : Math.min(MOST, timeout.toHours()) + "H";
    }
}
