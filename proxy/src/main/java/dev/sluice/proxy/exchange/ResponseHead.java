package dev.sluice.proxy.exchange;

/**
 * The head of a response, final or interim. Hop-by-hop fields are gone and framing is settled, as
 * in {@link RequestHead}.
 *
 * @param status 100..599
 * @param headers without pseudo-headers
 */
public record ResponseHead(int status, HeaderBlock headers) {
    public boolean isInterim() {
        return status < 200;
    }
}
