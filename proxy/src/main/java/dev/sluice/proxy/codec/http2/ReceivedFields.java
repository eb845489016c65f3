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

    /** The fault of a field that stands twice where one may. */
    static final String REPEATED = "a field repeated that may stand once";

    private final int maxFields;
    private final HeaderBlock block = new HeaderBlock();
    private final PseudoFields pseudo = new PseudoFields();
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
        fault(pseudo.take(name, value));
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
            fault(pseudo.takeHost(value));
        } else if (name == HeaderNames.COOKIE) {
            AsciiString before = cookies;
            cookies = before == null ? value : before.concat(CRUMBS).concat(value);
        } else {
            if (name == HeaderNames.CONTENT_LENGTH) {
                fault(contentLength == null ? null : REPEATED);
                contentLength = value;
                if (ContentLength.parse(value) < 0) {
                    fault("content-length that is no number");
                }
            }
            block.add(name, value);
        }
    }

    private void fault(@Nullable String what) {
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
        return fault == null ? pseudo.requestFault() : fault;
    }

    /** The fault of a response's head; null when it has none. */
    @Nullable String responseFault() {
        return fault == null ? pseudo.responseFault() : fault;
    }

    /** The fault of trailers; null when they have none. */
    @Nullable String trailersFault() {
        return fault == null ? pseudo.trailersFault() : fault;
    }

    /** Whether it is an extended CONNECT, which asks for a protocol (RFC 8441 section 4). */
    boolean isUpgrade() {
        return pseudo.isUpgrade();
    }

    /** Whether it asks for a tunnel by the method CONNECT alone (RFC 9113 section 8.5). */
    boolean isConnect() {
        return pseudo.isConnect();
    }

    /** The protocol that is asked for; empty without one. */
    AsciiString protocol() {
        return pseudo.protocol();
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
        return pseudo.statusCode();
    }

    @Override
    public AsciiString method() {
        return pseudo.method();
    }

    @Override
    public AsciiString scheme() {
        return pseudo.scheme();
    }

    /** {@code :authority}, else the host. */
    @Override
    public AsciiString authority() {
        return pseudo.authority();
    }

    @Override
    public AsciiString path() {
        return pseudo.path();
    }

    @Override
    public AsciiString status() {
        return pseudo.status();
    }

    /**
     * Netty's decoder asks for content-length, to hold it against the bytes of DATA; those behind
     * CONNECT are no content.
     */
    @Override
    public List<CharSequence> getAll(CharSequence name) {
        AsciiString length = contentLength;
        return length != null
                        && fault == null
                        && !"CONNECT".contentEquals(method())
                        && HeaderNames.CONTENT_LENGTH.contentEquals(name)
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
