package dev.sluice.proxy.admin;

/**
 * What the admin endpoint answers. Immutable.
 *
 * @param status HTTP status
 * @param contentType of the body
 * @param body text
 */
public record AdminAnswer(int status, String contentType, String body) {
    static AdminAnswer text(int status, String body) {
        return new AdminAnswer(status, "text/plain; charset=utf-8", body);
    }

    static AdminAnswer json(int status, String body) {
        return new AdminAnswer(status, "application/json", body);
    }
}
