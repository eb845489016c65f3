package dev.sluice.chaos.toxiproxy.toxic;

/**
 * When a {@link HoldingStage} lets go of what it holds. Asked once per piece, in order. Owned by
 * the connection's event loop.
 */
interface Pace {
    /** Due time of what is never let go. */
    long NEVER = Long.MAX_VALUE;

    /**
     * A piece of the oldest chunk.
     *
     * @param bytes its length from the chunk's start, 1 to all that is left
     * @param due when it may go, on the clock of {@link StageClock#nanos}; or {@link #NEVER}
     */
    record Piece(int bytes, long due) {}

    /**
     * The next piece.
     *
     * @param bytes left of the oldest chunk, at least 1
     * @param received when the chunk arrived
     * @param now the present time
     */
    Piece next(int bytes, long received, long now);
}
