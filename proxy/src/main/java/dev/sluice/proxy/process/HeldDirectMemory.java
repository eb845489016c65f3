package dev.sluice.proxy.process;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;

/** A part of the memory of connections' buffers that is held. Thread-safe. */
final class HeldDirectMemory implements Harm {
    private static final int PIECE = 1 << 20;
    private static final int LEAST_FREE = 8;

    private final Deque<ByteBuf> pieces;
    private final long injected;

    /** Where pieces come from. */
    @FunctionalInterface
    interface Pieces {
        /**
         * Takes one, which is released by whoever took it.
         *
         * @throws OutOfMemoryError when there is none left
         */
        ByteBuf take(int bytes);
    }

    private HeldDirectMemory(Deque<ByteBuf> pieces) {
        this.pieces = pieces;
        injected = (long) pieces.size() * PIECE;
    }

    /** Holds so much, or all that there is but the last 8 MiB. */
    static HeldDirectMemory of(long bytes, Pieces memory) {
        Deque<ByteBuf> pieces = new ArrayDeque<>();
        try {
            while (pieces.size() < bytes / PIECE) {
                pieces.push(memory.take(PIECE));
            }
        } catch (OutOfMemoryError full) {
            for (int i = 0; i < LEAST_FREE && !pieces.isEmpty(); i++) {
                pieces.pop().release();
            }
        }
        return new HeldDirectMemory(pieces);
    }

    @Override
    public void end() {
        synchronized (pieces) {
            while (!pieces.isEmpty()) {
                pieces.pop().release();
            }
        }
    }

    @Override
    public long injected() {
        return injected;
    }
}
