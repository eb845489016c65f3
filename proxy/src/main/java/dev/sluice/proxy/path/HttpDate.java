package dev.sluice.proxy.path;

import io.netty.util.AsciiString;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of {@code date} (RFC 9110 section 5.6.7), made once a second. Loop-owned. */
final class HttpDate {
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private long second = Long.MIN_VALUE;
    private AsciiString text = AsciiString.EMPTY_STRING;

    HttpDate(Clock clock) {
        this.clock = clock;
    }

    CharSequence now() {
        long current = Math.floorDiv(clock.millis(), 1000L);
        if (current != second) {
            second = current;
            text = AsciiString.of(IMF_FIXDATE.format(Instant.ofEpochSecond(current)));
        }
        return text;
    }
}
