package dev.sluice.proxy.exchange;

/**
 * The head of a response, final or interim. Hop-by-hop fields are gone and framing is settled, as
 * in {@link RequestHead}.
 *
 * @param status 100..599
 * @param headers without pseudo-headers
 */
public record ResponseHead(int status, HeaderBlock headers) {
    /** Whether the final head is still to come. */
    public boolean isInterim() {
        return status < 200 && !isTunnel();
    }

    /** Whether the protocol changes behind it: no body follows but bytes, in both directions. */
    public boolean isTunnel() {
        return status == 101;
    }
}
