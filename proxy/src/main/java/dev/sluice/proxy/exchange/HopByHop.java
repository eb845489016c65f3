package dev.sluice.proxy.exchange;

import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Fields that belong to one connection and never cross the proxy (RFC 9110 section 7.6.1).
 * Immutable, thread-safe.
 */
public final class HopByHop {
    private static final Set<String> KEPT =
            Set.of("host", "content-length", "authorization", "baggage", "te", "cookie");

    private static final List<AsciiString> FORBIDDEN_IN_TRAILERS =
            List.of(
                    HeaderNames.CONTENT_LENGTH,
                    HeaderNames.CONTENT_TYPE,
                    AsciiString.cached("content-encoding"),
                    AsciiString.cached("content-range"),
                    HeaderNames.HOST,
                    HeaderNames.AUTHORIZATION,
                    HeaderNames.COOKIE,
                    HeaderNames.SET_COOKIE,
                    HeaderNames.EXPECT,
                    HeaderNames.TE,
                    HeaderNames.TRAILER,
                    HeaderNames.LOCATION);

    private HopByHop() {}

    /** Whether a field of this interned name is dropped by every codec. */
    public static boolean isConnectionSpecific(CharSequence name) {
        return name == HeaderNames.CONNECTION
                || name == HeaderNames.TRANSFER_ENCODING
                || name == HeaderNames.KEEP_ALIVE
                || name == HeaderNames.UPGRADE
                || name == HeaderNames.PROXY_CONNECTION
                || name == HeaderNames.HTTP2_SETTINGS;
    }

    /**
     * Removes the fields that a {@code Connection} value names, but none that decides whom a
     * request is for, how it is framed, who sent it, or which arm it takes: a client must not be
     * able to make the proxy forget those.
     *
     * @param connection value of {@code Connection}, a list of names
     */
    public static void removeNamed(HeaderBlock headers, CharSequence connection) {
        int start = 0;
        int length = connection.length();
        while (start < length) {
            int end = AsciiString.indexOf(connection, ',', start);
            end = end < 0 ? length : end;
            String name =
                    connection.subSequence(start, end).toString().strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !KEPT.contains(name) && !name.startsWith("x-sluice-")) {
                headers.remove(name);
            }
            start = end + 1;
        }
    }

    /**
     * Removes what a trailer section must not carry: fields that frame, route, authenticate or
     * describe the message (RFC 9110 section 6.5.1).
     */
    public static void removeForbiddenInTrailers(HeaderBlock trailers) {
        for (AsciiString name : FORBIDDEN_IN_TRAILERS) {
            trailers.remove(name);
        }
    }

    /** Whether a comma-separated value has this token, case ignored. */
    public static boolean listed(CharSequence list, CharSequence token) {
        int start = 0;
        int length = list.length();
        while (start <= length) {
            int end = AsciiString.indexOf(list, ',', start);
            end = end < 0 ? length : end;
            if (AsciiString.contentEqualsIgnoreCase(
                    AsciiString.trim(list.subSequence(start, end)), token)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }
}
