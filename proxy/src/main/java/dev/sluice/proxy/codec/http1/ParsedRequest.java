package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.RequestHead;

/** What the bytes of a request's head turned out to be. Immutable. */
sealed interface ParsedRequest {
    /**
     * A request to serve.
     *
     * @param head for the path
     * @param body how its body ends
     * @param http10 the client speaks HTTP/1.0
     * @param keepsAlive the client wants to go on with the connection
     * @param takesTrailers the client said {@code TE: trailers}
     */
    record Accepted(
            RequestHead head,
            BodyFraming body,
            boolean http10,
            boolean keepsAlive,
            boolean takesTrailers)
            implements ParsedRequest {
        /** Whether it asks to change the protocol; its body is then what follows the change. */
        boolean isUpgrade() {
            return head.upgrade() != null;
        }
    }

    /** A request that the codec answers itself before it closes. */
    record Refused(CodecRefusal refusal) implements ParsedRequest {}
}
