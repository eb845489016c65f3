package dev.sluice.proxy.exchange;

import java.util.Locale;

/**
 * Why a codec answers a request itself, before any step of the path sees it: what the client sent
 * is not a message that two parties would read alike. Immutable.
 */
public enum CodecRefusal {
    /** Bare LF, folded line, blank before a colon, a name that is no token, a control character. */
    MALFORMED_HEAD(400, "Bad Request"),
    /**
     * Content-Length and Transfer-Encoding that do not leave exactly one reading (RFC 9112 section
     * 6.3).
     */
    AMBIGUOUS_FRAMING(400, "Bad Request"),
    /** Missing, repeated or unusable Host. */
    BAD_HOST(400, "Bad Request"),
    /** A request target that is neither a path, an absolute URI, nor {@code OPTIONS *}. */
    BAD_TARGET(400, "Bad Request"),
    /** A chunk, its extension or the trailers break the grammar, or the length differs. */
    MALFORMED_BODY(400, "Bad Request"),
    /** The head did not come in time. */
    HEAD_TIMEOUT(408, "Request Timeout"),
    /** The whole request did not come in time. */
    REQUEST_TIMEOUT(408, "Request Timeout"),
    URI_TOO_LONG(414, "URI Too Long"),
    /** An {@code Expect} other than {@code 100-continue}. */
    UNKNOWN_EXPECTATION(417, "Expectation Failed"),
    /** HTTP/1.0 where the listener does not accept it. */
    HTTP10_NOT_ACCEPTED(426, "Upgrade Required"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    TOO_MANY_HEADERS(431, "Request Header Fields Too Large"),
    /** CONNECT over HTTP/1.0, or over HTTP/2 where the listener does not take it. */
    CONNECT_NOT_SERVED(501, "Not Implemented"),
    UNKNOWN_VERSION(505, "HTTP Version Not Supported");

    private final int status;
    private final String reason;

    CodecRefusal(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    /** Name in answers, metrics and documents, such as {@code bad_host}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Status of the answer. */
    public int status() {
        return status;
    }

    /** Reason phrase of the answer. */
    public String reason() {
        return reason;
    }
}
