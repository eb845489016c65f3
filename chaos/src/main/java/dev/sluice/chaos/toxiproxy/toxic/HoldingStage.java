package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds bytes and lets them go in order at a {@link Pace}: latency, bandwidth and slicer. The end
 * passes as soon as no byte is held.
 */
final class HoldingStage implements Stage {
    /** Bytes that one stage holds before the sender must wait. */
    static final int CAPACITY = 4 << 20;

    private record Held(ByteBuf chunk, long received) {}

    private final Outlet out;
    private final StageClock clock;
    private final Function<Toxic, Pace> paces;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final int capacity;
    private Pace pace;
    private long bytes;
    private Pace.@Nullable Piece piece;
    private StageClock.@Nullable Alarm alarm;
    private @Nullable Ending ending;

    /**
     * @param capacity bytes from which on the sender should pause
     * @param paces the pace of a toxic, made anew when its attributes change
     */
    HoldingStage(
            Outlet out, StageClock clock, int capacity, Toxic toxic, Function<Toxic, Pace> paces) {
        this.out = out;
        this.clock = clock;
        this.capacity = capacity;
        this.paces = paces;
        this.pace = paces.apply(toxic);
    }

    @Override
    public void data(ByteBuf chunk) {
        bytes += chunk.readableBytes();
        held.add(new Held(chunk, clock.nanos()));
        letGo();
    }

    @Override
    public void end(Ending how) {
        ending = how;
        letGo();
    }

    @Override
    public boolean full() {
        return bytes >= capacity;
    }

    @Override
    public void change(Toxic toxic) {
        stopWaiting();
        pace = paces.apply(toxic);
        letGo();
    }

    @Override
    public void leave() {
        stopWaiting();
        for (Held next = held.poll(); next != null; next = held.poll()) {
            bytes -= next.chunk().readableBytes();
            out.data(next.chunk());
        }
        passEnd();
    }

    @Override
    public void drop() {
        stopWaiting();
        ending = null;
        bytes = 0;
        for (Held next = held.poll(); next != null; next = held.poll()) {
            next.chunk().release();
        }
    }

    /** Lets go what is due, then waits for the next piece, unless that wait is on already. */
    private void letGo() {
        if (alarm != null) {
            return;
        }
        for (Held oldest = held.peek(); oldest != null; oldest = held.peek()) {
            Pace.Piece next = piece(oldest);
            if (next.due() == Pace.NEVER) {
                return;
            }
            long wait = next.due() - clock.nanos();
            if (wait > 0) {
                alarm = clock.after(wait, this::due);
                return;
            }
            piece = null;
            bytes -= next.bytes();
            out.data(cut(oldest.chunk(), next.bytes()));
        }
        passEnd();
    }

    private void due() {
        alarm = null;
        letGo();
    }

    private Pace.Piece piece(Held oldest) {
        if (piece == null) {
            int left = oldest.chunk().readableBytes();
            piece = pace.next(left, oldest.received(), clock.nanos());
        }
        return piece;
    }

    private ByteBuf cut(ByteBuf chunk, int length) {
        if (length < chunk.readableBytes()) {
            return chunk.readRetainedSlice(length);
        }
        held.remove();
        return chunk;
    }

    private void passEnd() {
        if (ending != null) {
            Ending how = ending;
            ending = null;
            out.end(how);
        }
    }

    private void stopWaiting() {
        piece = null;
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
