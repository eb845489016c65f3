package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Expecting;

/**
 * Who tells a client that it may send its body, where it asks with {@code expect: 100-continue}
 * (RFC 9110 section 10.1.1; Envoy {@code proxy_100_continue}). Codecs let no other expectation
 * pass. Stateless.
 */
final class Expectations {
    private static final int CONTINUE = 100;

    private final Expecting by;

    Expectations(Expecting by) {
        this.by = by;
    }

    /**
     * Answers 100 at once where this proxy does.
     *
     * @param head as it came
     * @return what the upstream is asked: the same, or without the expectation that was met
     */
    RequestHead meet(ServerStream client, RequestHead head) {
        if (by == Expecting.UPSTREAM || !head.headers().contains(HeaderNames.EXPECT)) {
            return head;
        }
        client.interim(new ResponseHead(CONTINUE, new HeaderBlock()));
        HeaderBlock headers = head.headers().copy();
        headers.remove(HeaderNames.EXPECT);
        return head.withHeaders(headers);
    }
}
