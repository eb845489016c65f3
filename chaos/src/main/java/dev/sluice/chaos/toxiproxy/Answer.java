package dev.sluice.chaos.toxiproxy;

/**
 * An answer of the API. Immutable.
 *
 * @param contentType empty for none
 * @param body empty for none
 */
record Answer(int status, String contentType, String body) {
    private static final String JSON = "application/json";
    private static final String PLAIN = "text/plain; charset=utf-8";

    static Answer json(int status, String body) {
        return new Answer(status, JSON, body);
    }

    static Answer version(String version) {
        return new Answer(200, JSON + ";charset=utf-8", "{\"version\": \"" + version + "\"}\n");
    }

    static Answer empty(int status) {
        return new Answer(status, "", "");
    }

    /** Toxiproxy sends errors as plain text, JSON though they are. */
    static Answer plain(int status, String body) {
        return new Answer(status, PLAIN, body + "\n");
    }

    boolean isPlain() {
        return contentType.equals(PLAIN);
    }
}
