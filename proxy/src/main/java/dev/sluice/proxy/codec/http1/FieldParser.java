package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.Octets;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Reads the field lines of one head or trailer section and puts aside those that settle framing and
 * the connection. Values share the head's bytes. Loop-owned, one per section.
 */
final class FieldParser {
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");

    private final byte[] bytes;
    private final HeaderBlock fields = new HeaderBlock();

    private int count;
    int hosts;
    int contentLengths;
    int transferEncodings;
    CharSequence host = AsciiString.EMPTY_STRING;
    CharSequence contentLength = AsciiString.EMPTY_STRING;
    CharSequence transferEncoding = AsciiString.EMPTY_STRING;
    @Nullable CharSequence connection;
    @Nullable CharSequence expect;
    private @Nullable CharSequence upgrade;
    boolean takesTrailers;

    FieldParser(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The fields that are left: end to end, in order. */
    HeaderBlock fields() {
        return fields;
    }

    /** Number of field lines, those put aside too. */
    int count() {
        return count;
    }

    /**
     * Reads lines that each end in CRLF.
     *
     * @param start of the first line
     * @param end behind the last line's CRLF
     * @return whether every line keeps the grammar
     */
    boolean parse(int start, int end) {
        int at = start;
        while (at < end) {
            int colon = name(at, end);
            if (colon < 0) {
                return false;
            }
            int stop = valueEnd(colon + 1, end);
            if (stop < 0) {
                return false;
            }
            count++;
            take(HeaderNames.intern(bytes, at, colon - at), value(colon + 1, stop));
            at = stop + 2;
        }
        return true;
    }

    /** Index of the colon behind a name, which becomes lower-case; -1 when it is no token. */
    private int name(int start, int end) {
        int at = start;
        while (at < end && Octets.isToken(bytes[at])) {
            bytes[at] = Octets.lower(bytes[at]);
            at++;
        }
        return at > start && at < end && bytes[at] == ':' ? at : -1;
    }

    /** Index of the CR that ends a value; -1 when a byte before it may not stand there. */
    private int valueEnd(int start, int end) {
        int at = start;
        while (at < end && Octets.isValue(bytes[at])) {
            at++;
        }
        boolean ends = at + 1 < end && bytes[at] == Octets.CR && bytes[at + 1] == Octets.LF;
        return ends ? at : -1;
    }

    private AsciiString value(int start, int stop) {
        int from = start;
        int to = stop;
        while (from < to && Octets.isBlank(bytes[from])) {
            from++;
        }
        while (to > from && Octets.isBlank(bytes[to - 1])) {
            to--;
        }
        return from == to
                ? AsciiString.EMPTY_STRING
                : new AsciiString(bytes, from, to - from, /* copy= */ false);
    }

    @SuppressWarnings("ReferenceEquality") // names are interned
    private void take(AsciiString name, AsciiString value) {
        if (name == HeaderNames.HOST) {
            hosts++;
            host = value;
        } else if (name == HeaderNames.CONTENT_LENGTH) {
            contentLengths++;
            contentLength = value;
            fields.add(name, value);
        } else if (name == HeaderNames.TRANSFER_ENCODING) {
            transferEncodings++;
            transferEncoding = value;
        } else if (name == HeaderNames.CONNECTION) {
            connection = connection == null ? value : connection + "," + value;
        } else if (name == HeaderNames.TE) {
            takesTrailers |= HopByHop.listed(value, "trailers");
        } else if (name == HeaderNames.EXPECT) {
            expect = value;
            fields.add(name, value);
        } else if (name == HeaderNames.UPGRADE) {
            upgrade = upgrade == null ? value : upgrade + "," + value;
        } else if (!HopByHop.isConnectionSpecific(name)) {
            fields.add(name, value);
        }
    }

    /** Whether {@code Connection} names this option. */
    boolean connectionHas(CharSequence option) {
        CharSequence options = connection;
        return options != null && HopByHop.listed(options, option);
    }

    /** To what the peer wants to change the protocol, or has changed it; null without that. */
    @Nullable CharSequence upgrade() {
        return connectionHas(HeaderNames.UPGRADE) ? upgrade : null;
    }

    /**
     * Whether the end of the body can be read in one way only: one Content-Length of digits, or one
     * Transfer-Encoding that is exactly {@code chunked}, or neither (RFC 9112 section 6.3).
     */
    boolean framingIsClear(boolean http10) {
        if (transferEncodings > 0) {
            return transferEncodings == 1
                    && contentLengths == 0
                    && !http10
                    && AsciiString.contentEqualsIgnoreCase(transferEncoding, CHUNKED);
        }
        return contentLengths == 0
                || (contentLengths == 1 && ContentLength.parse(contentLength) >= 0);
    }

    /** Drops the fields that {@code Connection} names; the two common options name none. */
    void removeNamedByConnection() {
        CharSequence options = connection;
        if (options != null
                && !AsciiString.contentEqualsIgnoreCase(options, "close")
                && !AsciiString.contentEqualsIgnoreCase(options, "keep-alive")) {
            HopByHop.removeNamed(fields, options);
        }
    }
}
