package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Resets the connection {@code timeout} milliseconds after the first data or the end; what arrives
 * is dropped. Taken away during that wait it resets at once, since data is lost already.
 */
final class ResetPeerStage implements Stage {
    private final Outlet out;
    private final StageClock clock;
    private long timeoutNanos;
    private StageClock.@Nullable Alarm alarm;

    ResetPeerStage(Outlet out, StageClock clock, Toxic toxic) {
        this.out = out;
        this.clock = clock;
        change(toxic);
    }

    @Override
    public void data(ByteBuf chunk) {
        chunk.release();
        startWaiting();
    }

    @Override
    public void end(Ending how) {
        startWaiting();
    }

    /** A wait that is on keeps its length. */
    @Override
    public void change(Toxic toxic) {
        timeoutNanos = StageClock.millis(toxic.attribute("timeout"));
    }

    @Override
    public void leave() {
        if (alarm != null) {
            reset();
        }
    }

    @Override
    public void drop() {
        if (alarm != null) {
            alarm.cancel();
        }
    }

    private void startWaiting() {
        if (alarm == null) {
            alarm = clock.after(timeoutNanos, this::reset);
        }
    }

    private void reset() {
        drop();
        out.end(Ending.RESET);
    }
}
