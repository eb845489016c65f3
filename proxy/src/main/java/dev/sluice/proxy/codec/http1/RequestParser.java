package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.Octets;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's head so strictly that no other party can read it otherwise: what RFC 9112 lets
 * a recipient tolerate or repair is refused here. Immutable.
 */
final class RequestParser {
    private static final AsciiString CLOSE = AsciiString.cached("close");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString CONTINUE = AsciiString.cached("100-continue");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString OPTIONS = AsciiString.cached("OPTIONS");
    private static final AsciiString HTTP_1_1 = AsciiString.cached("HTTP/1.1");
    private static final AsciiString HTTP_1_0 = AsciiString.cached("HTTP/1.0");
    private static final AsciiString SLASH = AsciiString.cached("/");
    private static final AsciiString H2C = AsciiString.cached("h2c");
    private static final AsciiString STAR = AsciiString.cached("*");

    private final AsciiString scheme;
    private final Limits limits;

    /**
     * @param scheme of the connection
     */
    RequestParser(AsciiString scheme, Limits limits) {
        this.scheme = scheme;
        this.limits = limits;
    }

    /**
     * Reads one head.
     *
     * @param head whole, with its empty line; kept by the result and changed (names become
     *     lower-case)
     */
    ParsedRequest parse(byte[] head) {
        int methodEnd = tokenEnd(head);
        int targetEnd = targetEnd(head, methodEnd + 1);
        if (methodEnd == 0
                || head[methodEnd] != Octets.SP
                || targetEnd == methodEnd + 1
                || head[targetEnd] != Octets.SP) {
            return refused(CodecRefusal.MALFORMED_HEAD);
        }
        int lineEnd = targetEnd + 1 + HTTP_1_1.length();
        if (lineEnd + 2 > head.length
                || head[lineEnd] != Octets.CR
                || head[lineEnd + 1] != Octets.LF) {
            return refused(CodecRefusal.MALFORMED_HEAD);
        }
        AsciiString version = text(head, targetEnd + 1, lineEnd);
        boolean http10 = HTTP_1_0.contentEquals(version);
        if (!http10 && !HTTP_1_1.contentEquals(version)) {
            return refused(versionFault(version));
        }
        if (http10 && !limits.acceptHttp10()) {
            return refused(CodecRefusal.HTTP10_NOT_ACCEPTED);
        }
        FieldParser fields = new FieldParser(head);
        if (!fields.parse(lineEnd + 2, head.length - 2)) {
            return refused(CodecRefusal.MALFORMED_HEAD);
        }
        return request(
                text(head, 0, methodEnd), text(head, methodEnd + 1, targetEnd), http10, fields);
    }

    private ParsedRequest request(
            AsciiString method, AsciiString target, boolean http10, FieldParser fields) {
        CodecRefusal fault = fault(method, http10, fields);
        if (fault != null) {
            return refused(fault);
        }
        if (RequestHead.CONNECT.contentEquals(method)) {
            return connect(target, fields);
        }
        Target where = Target.of(target, fields.host, OPTIONS.contentEquals(method));
        if (!where.usable()) {
            return refused(CodecRefusal.BAD_TARGET);
        }
        BodyFraming body =
                fields.transferEncodings > 0
                        ? new BodyFraming.Chunked()
                        : fields.contentLengths > 0
                                ? new BodyFraming.Length(ContentLength.parse(fields.contentLength))
                                : new BodyFraming.None();
        CharSequence upgrade = http10 || !body.isEmpty() ? null : upgrade(fields);
        boolean keepsAlive =
                http10 ? fields.connectionHas(KEEP_ALIVE) : !fields.connectionHas(CLOSE);
        fields.removeNamedByConnection();
        if (fields.takesTrailers) {
            fields.fields().add(HeaderNames.TE, TRAILERS);
        }
        if (http10) {
            fields.fields().remove(HeaderNames.EXPECT);
        }
        if (upgrade != null) {
            fields.fields().remove(HeaderNames.CONTENT_LENGTH);
            fields.fields().add(HeaderNames.UPGRADE, upgrade);
            body = new BodyFraming.UntilClose();
        }
        RequestHead head =
                new RequestHead(
                        method, scheme, where.authority(), where.path(), fields.fields(), upgrade);
        return new ParsedRequest.Accepted(head, body, http10, keepsAlive, fields.takesTrailers);
    }

    /** The target says where to; what follows the head is no body but what goes there. */
    private ParsedRequest connect(AsciiString target, FieldParser fields) {
        if (!Octets.isHostAndPort(target)) {
            return refused(CodecRefusal.BAD_TARGET);
        }
        boolean keepsAlive = !fields.connectionHas(CLOSE);
        fields.removeNamedByConnection();
        fields.fields().remove(HeaderNames.CONTENT_LENGTH);
        return new ParsedRequest.Accepted(
                RequestHead.connect(scheme, target, fields.fields()),
                new BodyFraming.UntilClose(),
                /* http10= */ false,
                keepsAlive,
                /* takesTrailers= */ false);
    }

    /**
     * The protocol that the client asks to change to. A wish for HTTP/2 is passed over, as every
     * server may do: who speaks it says so by ALPN, or by its preface (RFC 9113 section 3).
     */
    private static @Nullable CharSequence upgrade(FieldParser fields) {
        CharSequence asked = fields.upgrade();
        return asked == null || asked.isEmpty() || AsciiString.contentEqualsIgnoreCase(asked, H2C)
                ? null
                : asked;
    }

    private @Nullable CodecRefusal fault(AsciiString method, boolean http10, FieldParser fields) {
        if (fields.count() > limits.maxHeaders()) {
            return CodecRefusal.TOO_MANY_HEADERS;
        }
        if (!fields.framingIsClear(http10)) {
            return CodecRefusal.AMBIGUOUS_FRAMING;
        }
        if (fields.hosts > 1 || (fields.hosts == 0 && !http10) || !hostIsUsable(fields)) {
            return CodecRefusal.BAD_HOST;
        }
        if (RequestHead.CONNECT.contentEquals(method)) {
            return connectFault(http10, fields);
        }
        CharSequence expect = fields.expect;
        if (expect != null && !http10 && !AsciiString.contentEqualsIgnoreCase(expect, CONTINUE)) {
            return CodecRefusal.UNKNOWN_EXPECTATION;
        }
        return null;
    }

    /** A body would be taken for what goes through the tunnel. */
    private static @Nullable CodecRefusal connectFault(boolean http10, FieldParser fields) {
        if (http10) {
            return CodecRefusal.CONNECT_NOT_SERVED;
        }
        boolean body =
                fields.transferEncodings > 0
                        || (fields.contentLengths > 0
                                && ContentLength.parse(fields.contentLength) > 0);
        return body ? CodecRefusal.AMBIGUOUS_FRAMING : null;
    }

    private static boolean hostIsUsable(FieldParser fields) {
        return fields.hosts == 0 || Octets.isAuthority(fields.host);
    }

    private static CodecRefusal versionFault(AsciiString version) {
        boolean known =
                version.startsWith("HTTP/")
                        && Character.isDigit(version.charAt(5))
                        && version.charAt(6) == '.'
                        && Character.isDigit(version.charAt(7));
        return known ? CodecRefusal.UNKNOWN_VERSION : CodecRefusal.MALFORMED_HEAD;
    }

    private static int tokenEnd(byte[] head) {
        int at = 0;
        while (Octets.isToken(head[at])) {
            at++;
        }
        return at;
    }

    private static int targetEnd(byte[] head, int start) {
        int at = Math.min(start, head.length - 1);
        while (Octets.isTarget(head[at])) {
            at++;
        }
        return at;
    }

    private static AsciiString text(byte[] head, int start, int end) {
        return new AsciiString(head, start, end - start, /* copy= */ false);
    }

    private static ParsedRequest refused(CodecRefusal refusal) {
        return new ParsedRequest.Refused(refusal);
    }

    /**
     * Whom a request is for and what it asks.
     *
     * @param authority host and optional port
     * @param path with query; empty when the target is unusable
     */
    record Target(CharSequence authority, CharSequence path) {
        private static final Target UNUSABLE = new Target("", "");

        boolean usable() {
            return !path.isEmpty();
        }

        static Target of(AsciiString target, CharSequence host, boolean options) {
            if (target.charAt(0) == '/') {
                return new Target(host, target);
            }
            if (STAR.contentEquals(target)) {
                return options ? new Target(host, STAR) : UNUSABLE;
            }
            int start = schemeLength(target);
            if (start == 0) {
                return UNUSABLE;
            }
            int end = start;
            while (end < target.length()
                    && target.charAt(end) != '/'
                    && target.charAt(end) != '?') {
                end++;
            }
            AsciiString authority = target.subSequence(start, end, /* copy= */ false);
            if (!Octets.isAuthority(authority)) {
                return UNUSABLE;
            }
            return new Target(authority, absolutePath(target, end, options));
        }

        private static CharSequence absolutePath(AsciiString target, int start, boolean options) {
            if (start == target.length()) {
                return options ? STAR : SLASH;
            }
            AsciiString path = target.subSequence(start, target.length(), /* copy= */ false);
            return path.charAt(0) == '/' ? path : SLASH.concat(path);
        }

        private static int schemeLength(AsciiString target) {
            if (target.regionMatches(/* ignoreCase= */ true, 0, "http://", 0, 7)) {
                return 7;
            }
            return target.regionMatches(/* ignoreCase= */ true, 0, "https://", 0, 8) ? 8 : 0;
        }
    }
}
