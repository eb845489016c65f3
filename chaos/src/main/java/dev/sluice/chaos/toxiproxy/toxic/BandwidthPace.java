package dev.sluice.chaos.toxiproxy.toxic;

import java.util.concurrent.TimeUnit;

/**
 * Pieces of at most a tenth of a second's worth, so that {@code rate} × 1,000 bytes a second go.
 */
final class BandwidthPace implements Pace {
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SLICE_MILLIS = 100;

    private final long bytesPerMilli;
    private long free = Long.MIN_VALUE;

    BandwidthPace(Toxic toxic) {
        this.bytesPerMilli = Math.clamp(toxic.attribute("rate"), 0, Integer.MAX_VALUE);
    }

    @Override
    public Piece next(int bytes, long received, long now) {
        if (bytesPerMilli == 0) {
            return new Piece(bytes, NEVER);
        }
        int piece = (int) Math.min(bytes, bytesPerMilli * SLICE_MILLIS);
        free = Math.max(free, now) + piece * NANOS_PER_MILLI / bytesPerMilli;
        return new Piece(piece, free);
    }
}
