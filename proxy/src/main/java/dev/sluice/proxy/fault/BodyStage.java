package dev.sluice.proxy.fault;

import dev.sluice.proxy.exchange.BodyReceiver;

/**
 * One fault on the way of an answer's body: it takes what comes and gives the next stage what is
 * left of it. Loop-owned. Buffers belong to whom they were given to, as in {@link BodyReceiver}.
 */
interface BodyStage extends BodyReceiver {
    /**
     * Ties the stage in. Once, before anything comes.
     *
     * @param next takes what this stage gives
     * @param body of which this is a stage
     */
    void into(BodyReceiver next, FaultyBody body);

    /** Nothing more is wanted: what is held is released, what was planned is cancelled. */
    default void stop() {}
}
