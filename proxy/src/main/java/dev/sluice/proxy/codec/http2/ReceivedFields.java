package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.Octets;
import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes fields from the HPACK decoder straight into a block, checks each (RFC 9113 section 8.2 and
 * 8.3) and keeps the first fault; the whole header section is decoded either way, since the peers'
 * tables must stay in step. Cookie crumbs become one field. Loop-owned.
 */
final class ReceivedFields extends EmptyHeaders<CharSequence, CharSequence, Http2Headers>
        implements Http2Headers {
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString CRUMBS = AsciiString.cached("; ");

    private final int maxFields;
    private final HeaderBlock block = new HeaderBlock();
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString protocol;
    private @Nullable AsciiString status;
    private @Nullable AsciiString host;
    private @Nullable AsciiString contentLength;
    private @Nullable AsciiString cookies;
    private @Nullable String fault;
    private boolean regular;
    private int count;

    ReceivedFields(int maxFields) {
        this.maxFields = maxFields;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        count++;
        if (fault == null && count <= maxFields) {
            take(AsciiString.of(name), AsciiString.of(value));
        }
        return this;
    }

    private void take(AsciiString name, AsciiString value) {
        if (!isValue(value)) {
            fault("a value with a control character or a blank at its ends");
        } else if (!name.isEmpty() && name.byteAt(0) == ':') {
            takePseudo(name, value);
        } else if (!isName(name)) {
            fault("a name that is no lower-case token");
        } else {
            regular = true;
            takeRegular(HeaderNames.intern(name.array(), name.arrayOffset(), name.length()), value);
        }
    }

    private void takePseudo(AsciiString name, AsciiString value) {
        if (regular) {
            fault("a pseudo-field behind regular ones");
            return;
        }
        switch (name.toString()) {
            case ":method" -> method = once(method, value);
            case ":scheme" -> scheme = once(scheme, value);
            case ":authority" -> authority = once(authority, value);
            case ":path" -> path = once(path, value);
            case ":protocol" -> protocol = once(protocol, value);
            case ":status" -> status = once(status, value);
            default -> fault("an unknown pseudo-field");
        }
    }

    @SuppressWarnings("ReferenceEquality") // names are interned
    private void takeRegular(AsciiString name, AsciiString value) {
        if (HopByHop.isConnectionSpecific(name)) {
            fault("a connection-specific field");
        } else if (name == HeaderNames.TE) {
            if (!value.contentEqualsIgnoreCase(TRAILERS)) {
                fault("te other than trailers");
            } else if (!block.contains(HeaderNames.TE)) {
                block.add(name, TRAILERS);
            }
        } else if (name == HeaderNames.HOST) {
            host = once(host, value);
        } else if (name == HeaderNames.COOKIE) {
            AsciiString before = cookies;
            cookies = before == null ? value : before.concat(CRUMBS).concat(value);
        } else {
            if (name == HeaderNames.CONTENT_LENGTH) {
                contentLength = once(contentLength, value);
                if (ContentLength.parse(value) < 0) {
                    fault("content-length that is no number");
                }
            }
            block.add(name, value);
        }
    }

    private AsciiString once(@Nullable AsciiString before, AsciiString value) {
        if (before != null) {
            fault("a field repeated that may stand once");
        }
        return value;
    }

    private void fault(String what) {
        if (fault == null) {
            fault = what;
        }
    }

    private static boolean isName(AsciiString name) {
        for (int i = 0; i < name.length(); i++) {
            byte octet = name.byteAt(i);
            if (!Octets.isToken(octet) || (octet >= 'A' && octet <= 'Z')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isValue(AsciiString value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (!Octets.isValue(value.byteAt(i))) {
                return false;
            }
        }
        return length == 0
                || (!Octets.isBlank(value.byteAt(0)) && !Octets.isBlank(value.byteAt(length - 1)));
    }

    boolean isTooMany() {
        return count > maxFields;
    }

    /** The fault of a request's head; null when it has none. */
    @Nullable String requestFault() {
        if (fault != null) {
            return fault;
        }
        AsciiString target = path;
        AsciiString verb = method;
        AsciiString named = scheme;
        if (status != null || verb == null || named == null || target == null) {
            return "pseudo-fields of no request";
        }
        if (!Octets.isToken(verb)) {
            return "a method that is no token";
        }
        if (protocol != null && !isUpgrade()) {
            return "a protocol without CONNECT";
        }
        if (!Octets.isScheme(named)) {
            return "an unusable scheme";
        }
        if (!isTarget(target)) {
            return "a path that is neither absolute nor the asterisk of OPTIONS";
        }
        if (authority == null && host == null) {
            return "neither authority nor host";
        }
        if (authority != null && host != null && !authority.contentEqualsIgnoreCase(host)) {
            return "host that differs from authority";
        }
        return Octets.isAuthority(authority()) ? null : "an unusable authority";
    }

    private boolean isTarget(AsciiString target) {
        for (int i = 0; i < target.length(); i++) {
            if (!Octets.isTarget(target.byteAt(i))) {
                return false;
            }
        }
        return !target.isEmpty()
                && (target.byteAt(0) == '/'
                        || ("*".contentEquals(target) && "OPTIONS".contentEquals(method())));
    }

    /** The fault of a response's head; null when it has none. */
    @Nullable String responseFault() {
        AsciiString code = status;
        if (fault == null
                && (code == null
                        || method != null
                        || path != null
                        || authority != null
                        || protocol != null)) {
            return "pseudo-fields of no response";
        }
        if (fault == null && code != null && (code.length() != 3 || parsed(code) < 100)) {
            return "status that is not 100..599";
        }
        return fault;
    }

    private static int parsed(AsciiString code) {
        long value = ContentLength.parse(code);
        return value > 599 ? -1 : (int) value;
    }

    /** The fault of trailers; null when they have none. */
    @Nullable String trailersFault() {
        boolean pseudo =
                method != null
                        || scheme != null
                        || authority != null
                        || path != null
                        || protocol != null
                        || status != null;
        return fault == null && pseudo ? "a pseudo-field in trailers" : fault;
    }

    /** Whether it is an extended CONNECT, which asks for a protocol (RFC 8441 section 4). */
    boolean isUpgrade() {
        AsciiString asked = protocol;
        return asked != null && !asked.isEmpty() && "CONNECT".contentEquals(method());
    }

    /** The protocol that is asked for; empty without one. */
    AsciiString protocol() {
        return orEmpty(protocol);
    }

    /** The fields without pseudo-fields and host. */
    HeaderBlock block() {
        AsciiString joined = cookies;
        if (joined != null) {
            block.add(HeaderNames.COOKIE, joined);
            cookies = null;
        }
        return block;
    }

    /** The expectation; null without one. */
    @Nullable CharSequence expect() {
        return block.first(HeaderNames.EXPECT);
    }

    int statusCode() {
        AsciiString code = status;
        return code == null ? -1 : parsed(code);
    }

    @Override
    public AsciiString method() {
        return orEmpty(method);
    }

    @Override
    public AsciiString scheme() {
        return orEmpty(scheme);
    }

    /** {@code :authority}, else the host. */
    @Override
    public AsciiString authority() {
        AsciiString named = authority;
        return named == null ? orEmpty(host) : named;
    }

    @Override
    public AsciiString path() {
        return orEmpty(path);
    }

    @Override
    public AsciiString status() {
        return orEmpty(status);
    }

    private static AsciiString orEmpty(@Nullable AsciiString value) {
        return value == null ? AsciiString.EMPTY_STRING : value;
    }

    /** Netty's decoder asks for content-length, to hold it against the bytes of DATA. */
    @Override
    public List<CharSequence> getAll(CharSequence name) {
        AsciiString length = contentLength;
        return length != null && fault == null && HeaderNames.CONTENT_LENGTH.contentEquals(name)
                ? List.of(length)
                : List.of();
    }

    @Override
    public Http2Headers setLong(CharSequence name, long value) {
        return this;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        throw new UnsupportedOperationException("read the block");
    }

    @Override
    public Iterator<CharSequence> valueIterator(CharSequence name) {
        throw new UnsupportedOperationException("read the block");
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean ignoreCase) {
        throw new UnsupportedOperationException("read the block");
    }

    @Override
    public Http2Headers method(CharSequence value) {
        throw new UnsupportedOperationException("only the decoder fills this");
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        throw new UnsupportedOperationException("only the decoder fills this");
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        throw new UnsupportedOperationException("only the decoder fills this");
    }

    @Override
    public Http2Headers path(CharSequence value) {
        throw new UnsupportedOperationException("only the decoder fills this");
    }

    @Override
    public Http2Headers status(CharSequence value) {
        throw new UnsupportedOperationException("only the decoder fills this");
    }
}
