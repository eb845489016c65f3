package dev.sluice.proxy.plan;

import dev.sluice.proxy.exchange.HeaderBlock;
import io.netty.util.AsciiString;

/**
 * How the sidecar of a retired LEGACY tells a caller's sidecar that nobody acted on the request and
 * that NEW is to be asked: {@code x-sluice-refused: legacy_retired}. Pure.
 */
public final class Retired {
    private static final AsciiString REFUSED = AsciiString.cached("x-sluice-refused");
    private static final AsciiString CODE = AsciiString.cached(Refusal.LEGACY_RETIRED.code());

    private Retired() {}

    /** Puts it into an answer's headers. */
    public static void tell(HeaderBlock headers) {
        headers.set(REFUSED, CODE);
    }

    /** Whether an answer says so. */
    public static boolean isToldBy(HeaderBlock headers) {
        CharSequence reason = headers.first(REFUSED);
        return reason != null && CODE.contentEquals(reason);
    }
}
