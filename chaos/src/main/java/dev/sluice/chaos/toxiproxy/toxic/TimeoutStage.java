package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Drops all data and closes the connection after {@code timeout} milliseconds without any; 0 or
 * less never closes. Since data is lost, taking the toxic away closes the connection too.
 */
final class TimeoutStage implements Stage {
    private final Outlet out;
    private final StageClock clock;
    private long timeoutNanos;
    private StageClock.@Nullable Alarm alarm;

    TimeoutStage(Outlet out, StageClock clock, Toxic toxic) {
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
        drop();
        out.end(how);
    }

    @Override
    public void change(Toxic toxic) {
        timeoutNanos = StageClock.millis(toxic.attribute("timeout"));
        startWaiting();
    }

    @Override
    public void leave() {
        end(Ending.CLOSE);
    }

    @Override
    public void drop() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }

    private void startWaiting() {
        drop();
        if (timeoutNanos > 0) {
            alarm = clock.after(timeoutNanos, this::leave);
        }
    }
}
