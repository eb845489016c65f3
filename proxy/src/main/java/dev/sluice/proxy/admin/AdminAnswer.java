package dev.sluice.proxy.admin;

/**
 * What the admin endpoint answers. Immutable.
 *
 * @param status HTTP status
 * @param contentType of the body
 * @param body text
 * @param challenge value of {@code www-authenticate}; empty: none
 */
public record AdminAnswer(int status, String contentType, String body, String challenge) {
    AdminAnswer(int status, String contentType, String body) {
        this(status, contentType, body, "");
    }

    static AdminAnswer text(int status, String body) {
        return new AdminAnswer(status, "text/plain; charset=utf-8", body);
    }

    static AdminAnswer json(int status, String body) {
        return new AdminAnswer(status, "application/json", body);
    }

    /** The same, and what the client has to show. */
    AdminAnswer asking(String forWhat) {
        return new AdminAnswer(status, contentType, body, forWhat);
    }
}
