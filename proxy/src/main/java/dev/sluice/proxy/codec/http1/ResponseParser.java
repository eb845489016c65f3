package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.Octets;
import dev.sluice.proxy.exchange.ResponseHead;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Reads a response's head as strictly as {@link RequestParser} reads a request's. Immutable. */
final class ResponseParser {
    private static final AsciiString CLOSE = AsciiString.cached("close");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PREFIX = AsciiString.cached("HTTP/1.");

    /** "HTTP/1.1 200" */
    private static final int STATUS_END = 12;

    private final int maxHeaders;

    ResponseParser(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    /** What a response's head turned out to be. Immutable. */
    sealed interface Parsed {
        /**
         * A response to pass on.
         *
         * @param body how its body ends
         * @param keepsAlive the upstream goes on with the connection
         */
        record Accepted(ResponseHead head, BodyFraming body, boolean keepsAlive) implements Parsed {
            /** The protocol that the upstream has changed to; null when it has not. */
            @Nullable CharSequence upgrade() {
                return head.isTunnel() ? head.headers().first(HeaderNames.UPGRADE) : null;
            }
        }

        /**
         * Not a response that two parties would read alike.
         *
         * @param what one line for the log
         */
        record Malformed(String what) implements Parsed {}
    }

    /**
     * Reads one head.
     *
     * @param head whole, with its empty line; kept by the result and changed
     * @param method of the request
     */
    Parsed parse(byte[] head, CharSequence method) {
        int line = 0;
        while (head[line] != Octets.LF) {
            if (head[line] < Octets.SP && head[line] >= 0 && !endsLine(head, line)) {
                return new Parsed.Malformed("control character in the status line");
            }
            line++;
        }
        int status = status(head, line - 1);
        if (status < 0) {
            return new Parsed.Malformed("status line is not HTTP/1.x and three digits");
        }
        FieldParser fields = new FieldParser(head);
        if (!fields.parse(line + 1, head.length - 2)) {
            return new Parsed.Malformed("a field line breaks the grammar");
        }
        if (fields.count() > maxHeaders) {
            return new Parsed.Malformed(
                    fields.count() + " fields (expected: at most " + maxHeaders + ")");
        }
        boolean http10 = head[7] == '0';
        if (!fields.framingIsClear(http10)) {
            return new Parsed.Malformed("Content-Length and Transfer-Encoding are ambiguous");
        }
        return accepted(status, http10, method, fields);
    }

    private static boolean endsLine(byte[] head, int at) {
        return head[at] == Octets.HTAB || (head[at] == Octets.CR && head[at + 1] == Octets.LF);
    }

    private static Parsed accepted(
            int status, boolean http10, CharSequence method, FieldParser fields) {
        boolean connected = isSuccess(status) && "CONNECT".contentEquals(method);
        boolean tunnel = connected || status == 101;
        BodyFraming body = tunnel ? new BodyFraming.UntilClose() : framing(status, method, fields);
        boolean keepsAlive =
                http10 ? fields.connectionHas(KEEP_ALIVE) : !fields.connectionHas(CLOSE);
        fields.removeNamedByConnection();
        if (status < 200 || status == 204 || connected) {
            fields.fields().remove(HeaderNames.CONTENT_LENGTH);
        }
        CharSequence upgrade = fields.upgrade();
        if (status == 101 && upgrade != null) {
            fields.fields().add(HeaderNames.UPGRADE, upgrade);
        }
        return new Parsed.Accepted(
                new ResponseHead(status, fields.fields(), tunnel),
                body,
                keepsAlive && !(body instanceof BodyFraming.UntilClose));
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status <= 299;
    }

    private static BodyFraming framing(int status, CharSequence method, FieldParser fields) {
        if ("HEAD".contentEquals(method) || status < 200 || status == 204 || status == 304) {
            return new BodyFraming.None();
        }
        if (fields.transferEncodings > 0) {
            return new BodyFraming.Chunked();
        }
        return fields.contentLengths > 0
                ? new BodyFraming.Length(ContentLength.parse(fields.contentLength))
                : new BodyFraming.UntilClose();
    }

    /** The status of "HTTP/1.x NNN" with an optional reason; -1 for anything else. */
    private static int status(byte[] head, int lineEnd) {
        if (lineEnd < STATUS_END
                || !new AsciiString(head, 0, PREFIX.length(), false).contentEquals(PREFIX)
                || (head[7] != '0' && head[7] != '1')
                || head[8] != Octets.SP
                || (lineEnd > STATUS_END && head[STATUS_END] != Octets.SP)) {
            return -1;
        }
        int status = 0;
        for (int i = 9; i < STATUS_END; i++) {
            int digit = head[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return status >= 100 && status <= 599 ? status : -1;
    }
}
