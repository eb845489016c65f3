package dev.sluice.proxy.process;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** A part of the heap that is held. Thread-safe. */
final class HeldHeap implements Harm {
    static final int PIECE = 1 << 20;

    private static final int LEAST_FREE = 8 * PIECE;

    private final long injected;
    private volatile List<byte[]> pieces;

    /**
     * What this needs to know of the heap.
     *
     * @param most bytes that it may grow to
     * @param used bytes of it, garbage included
     * @param collect throws the garbage out
     */
    record Heap(long most, LongSupplier used, Runnable collect) {
        /** That of this process. */
        static Heap own() {
            Runtime runtime = Runtime.getRuntime();
            return new Heap(
                    runtime.maxMemory(),
                    () -> runtime.totalMemory() - runtime.freeMemory(),
                    runtime::gc);
        }

        /** An eighth stays free, for work that goes on. */
        boolean hasRoom() {
            return most - used.getAsLong() - PIECE >= Math.max(LEAST_FREE, most / 8);
        }
    }

    private HeldHeap(List<byte[]> pieces) {
        this.pieces = pieces;
        injected = (long) pieces.size() * PIECE;
    }

    /**
     * Holds so much, or what there is room for. Then the garbage is thrown out, so that whoever
     * looks at what was alive at the last collection sees it at once.
     */
    static HeldHeap of(long bytes, Heap heap) {
        heap.collect().run();
        List<byte[]> pieces =
                Stream.generate(() -> new byte[PIECE])
                        .limit(bytes / PIECE)
                        .takeWhile(_ -> heap.hasRoom())
                        .toList();
        heap.collect().run();
        return new HeldHeap(pieces);
    }

    @Override
    public void end() {
        pieces = List.of();
    }

    @Override
    public long injected() {
        return injected;
    }

    /** Bytes that are held now. */
    long held() {
        return (long) pieces.size() * PIECE;
    }
}
