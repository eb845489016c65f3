package dev.sluice.proxy.exchange;

/**
 * The head of a response, final or interim. Hop-by-hop fields are gone and framing is settled, as
 * in {@link RequestHead}.
 *
 * @param status 100..599
 * @param headers without pseudo-headers
 * @param isTunnel whether the protocol changes behind it: no body follows but bytes, in both
 *     directions
 */
public record ResponseHead(int status, HeaderBlock headers, boolean isTunnel) {
    /** Interim heads before one answer; more make it malformed. */
    public static final int MOST_INTERIM = 32;

    /** A head of which the status alone says whether the protocol changes. */
    public ResponseHead(int status, HeaderBlock headers) {
        this(status, headers, /* isTunnel= */ status == 101);
    }

    /** Whether the final head is still to come. */
    public boolean isInterim() {
        return status < 200 && !isTunnel();
    }
}
