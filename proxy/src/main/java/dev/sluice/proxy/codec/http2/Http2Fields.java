package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A head or trailers as Netty's encoder takes them: a few pseudo-fields and a view of the block,
 * nothing copied. Connection-specific fields are passed over. Loop-owned.
 */
final class Http2Fields extends EmptyHeaders<CharSequence, CharSequence, Http2Headers>
        implements Http2Headers {
    private static final AsciiString METHOD = PseudoHeaderName.METHOD.value();
    private static final AsciiString SCHEME = PseudoHeaderName.SCHEME.value();
    private static final AsciiString AUTHORITY = PseudoHeaderName.AUTHORITY.value();
    private static final AsciiString PATH = PseudoHeaderName.PATH.value();
    private static final AsciiString PROTOCOL = PseudoHeaderName.PROTOCOL.value();
    private static final AsciiString STATUS = PseudoHeaderName.STATUS.value();
    private static final AsciiString[] STATUSES = statuses();

    private final HeaderBlock pseudo;
    private final HeaderBlock block;

    private Http2Fields(HeaderBlock pseudo, HeaderBlock block) {
        this.pseudo = pseudo;
        this.block = block;
    }

    static Http2Fields of(RequestHead head) {
        if (head.upgrade() != null) {
            return ofChange(head, head.upgrade());
        }
        HeaderBlock pseudo = new HeaderBlock(4);
        pseudo.add(METHOD, head.method()).add(SCHEME, head.scheme());
        if (!head.authority().isEmpty()) {
            pseudo.add(AUTHORITY, head.authority());
        }
        pseudo.add(PATH, head.path());
        return new Http2Fields(pseudo, head.headers());
    }

    /** CONNECT alone names an authority; with a protocol it is as any other request. */
    private static Http2Fields ofChange(RequestHead head, CharSequence protocol) {
        HeaderBlock pseudo = new HeaderBlock(5);
        pseudo.add(METHOD, RequestHead.CONNECT);
        if (!head.isConnect()) {
            pseudo.add(PROTOCOL, protocol).add(SCHEME, head.scheme()).add(PATH, head.path());
        }
        pseudo.add(AUTHORITY, head.authority());
        return new Http2Fields(pseudo, head.headers());
    }

    static Http2Fields of(ResponseHead head) {
        return new Http2Fields(
                new HeaderBlock(1).add(STATUS, STATUSES[head.status() - 100]), head.headers());
    }

    static Http2Fields ofTrailers(HeaderBlock trailers) {
        return new Http2Fields(new HeaderBlock(0), trailers);
    }

    private static AsciiString[] statuses() {
        AsciiString[] statuses = new AsciiString[500];
        for (int i = 0; i < statuses.length; i++) {
            statuses[i] = AsciiString.cached(Integer.toString(100 + i));
        }
        return statuses;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return new Walk();
    }

    @Override
    public int size() {
        return pseudo.size() + block.size();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public @Nullable CharSequence get(CharSequence name) {
        CharSequence value = pseudo.first(name);
        return value == null ? block.first(name) : value;
    }

    @Override
    public List<CharSequence> getAll(CharSequence name) {
        List<CharSequence> all = new ArrayList<>();
        valueIterator(name).forEachRemaining(all::add);
        return all;
    }

    @Override
    public Iterator<CharSequence> valueIterator(CharSequence name) {
        List<CharSequence> values = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : this) {
            if (AsciiString.contentEquals(field.getKey(), name)) {
                values.add(field.getValue());
            }
        }
        return values.iterator();
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean ignoreCase) {
        CharSequence found = get(name);
        return found != null
                && (ignoreCase
                        ? AsciiString.contentEqualsIgnoreCase(found, value)
                        : AsciiString.contentEquals(found, value));
    }

    @Override
    public @Nullable CharSequence method() {
        return pseudo.first(METHOD);
    }

    @Override
    public @Nullable CharSequence scheme() {
        return pseudo.first(SCHEME);
    }

    @Override
    public @Nullable CharSequence authority() {
        return pseudo.first(AUTHORITY);
    }

    @Override
    public @Nullable CharSequence path() {
        return pseudo.first(PATH);
    }

    @Override
    public @Nullable CharSequence status() {
        return pseudo.first(STATUS);
    }

    @Override
    public Http2Headers method(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers path(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers status(CharSequence value) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a view for the encoder does not change");
    }

    /** One entry that moves along the fields. */
    private final class Walk
            implements Iterator<Map.Entry<CharSequence, CharSequence>>,
                    Map.Entry<CharSequence, CharSequence> {
        private HeaderBlock part = pseudo;
        private int next;
        private int current = -1;
        private HeaderBlock currentPart = pseudo;

        @Override
        public boolean hasNext() {
            if (part == pseudo && next == pseudo.size()) {
                part = block;
                next = 0;
            }
            while (part == block
                    && next < block.size()
                    && HopByHop.isConnectionSpecific(block.name(next))) {
                next++;
            }
            return next < part.size();
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all fields were given");
            }
            currentPart = part;
            current = next++;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return currentPart.name(current);
        }

        @Override
        public CharSequence getValue() {
            return currentPart.value(current);
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            throw readOnly();
        }
    }
}
