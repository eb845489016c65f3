package dev.sluice.proxy.codec.http1;

import io.netty.util.AsciiString;
import java.util.Map;

/** First lines of answers, made once per status. Immutable. */
final class StatusLine {
    private static final int LOWEST = 100;
    private static final int HIGHEST = 599;
    private static final Map<Integer, String> REASONS =
            Map.ofEntries(
                    Map.entry(100, "Continue"),
                    Map.entry(101, "Switching Protocols"),
                    Map.entry(102, "Processing"),
                    Map.entry(103, "Early Hints"),
                    Map.entry(200, "OK"),
                    Map.entry(201, "Created"),
                    Map.entry(202, "Accepted"),
                    Map.entry(203, "Non-Authoritative Information"),
                    Map.entry(204, "No Content"),
                    Map.entry(205, "Reset Content"),
                    Map.entry(206, "Partial Content"),
                    Map.entry(207, "Multi-Status"),
                    Map.entry(300, "Multiple Choices"),
                    Map.entry(301, "Moved Permanently"),
                    Map.entry(302, "Found"),
                    Map.entry(303, "See Other"),
                    Map.entry(304, "Not Modified"),
                    Map.entry(307, "Temporary Redirect"),
                    Map.entry(308, "Permanent Redirect"),
                    Map.entry(400, "Bad Request"),
                    Map.entry(401, "Unauthorized"),
                    Map.entry(402, "Payment Required"),
                    Map.entry(403, "Forbidden"),
                    Map.entry(404, "Not Found"),
                    Map.entry(405, "Method Not Allowed"),
                    Map.entry(406, "Not Acceptable"),
                    Map.entry(408, "Request Timeout"),
                    Map.entry(409, "Conflict"),
                    Map.entry(410, "Gone"),
                    Map.entry(411, "Length Required"),
                    Map.entry(412, "Precondition Failed"),
                    Map.entry(413, "Content Too Large"),
                    Map.entry(414, "URI Too Long"),
                    Map.entry(415, "Unsupported Media Type"),
                    Map.entry(416, "Range Not Satisfiable"),
                    Map.entry(417, "Expectation Failed"),
                    Map.entry(421, "Misdirected Request"),
                    Map.entry(422, "Unprocessable Content"),
                    Map.entry(425, "Too Early"),
                    Map.entry(426, "Upgrade Required"),
                    Map.entry(428, "Precondition Required"),
                    Map.entry(429, "Too Many Requests"),
                    Map.entry(431, "Request Header Fields Too Large"),
                    Map.entry(451, "Unavailable For Legal Reasons"),
                    Map.entry(500, "Internal Server Error"),
                    Map.entry(501, "Not Implemented"),
                    Map.entry(502, "Bad Gateway"),
                    Map.entry(503, "Service Unavailable"),
                    Map.entry(504, "Gateway Timeout"),
                    Map.entry(505, "HTTP Version Not Supported"),
                    Map.entry(508, "Loop Detected"));
    private static final AsciiString[] LINES = lines();

    private StatusLine() {}

    /**
     * The line with its CRLF; the reason is empty for a status without a known one.
     *
     * @param status 100..599
     */
    static AsciiString of(int status) {
        if (status < LOWEST || status > HIGHEST) {
            throw new IllegalArgumentException("status " + status + " (expected: 100..599)");
        }
        AsciiString known = LINES[status - LOWEST];
        return known == null ? AsciiString.of("HTTP/1.1 " + status + " \r\n") : known;
    }

    private static AsciiString[] lines() {
        AsciiString[] lines = new AsciiString[HIGHEST - LOWEST + 1];
        REASONS.forEach((status, reason) ->
                lines[status - LOWEST] =
                        AsciiString.cached("HTTP/1.1 " + status + " " + reason + "\r\n"));
        return lines;
    }
}
