package dev.sluice.proxy.listen;

import io.netty.buffer.ByteBuf;

/** What a listener filter found in the first bytes of a connection. Immutable. */
sealed interface Inspection {
    /** Nothing yet: more bytes are needed. */
    record More() implements Inspection {}

    /**
     * It is done.
     *
     * @param facts with what it found
     * @param consumed bytes that nobody else gets
     */
    record Found(ConnectionFacts facts, int consumed) implements Inspection {}

    /**
     * The connection can't be served.
     *
     * @param reason in a few words
     */
    record Malformed(String reason) implements Inspection {}

    /** Looks at first bytes; must not change them. Pure. */
    @FunctionalInterface
    interface Filter {
        /**
         * Says what these bytes tell.
         *
         * @param seen everything that came and was not consumed
         */
        Inspection inspect(ByteBuf seen, ConnectionFacts facts);
    }
}
