package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Passes data at once and the end {@code delay} milliseconds late. */
final class SlowCloseStage implements Stage {
    private final Outlet out;
    private final StageClock clock;
    private long delayNanos;
    private StageClock.@Nullable Alarm alarm;
    private @Nullable Ending ending;

    SlowCloseStage(Outlet out, StageClock clock, Toxic toxic) {
        this.out = out;
        this.clock = clock;
        this.delayNanos = StageClock.millis(toxic.attribute("delay"));
    }

    @Override
    public void data(ByteBuf chunk) {
        out.data(chunk);
    }

    @Override
    public void end(Ending how) {
        ending = how;
        alarm = clock.after(delayNanos, this::leave);
    }

    /** An end that waits starts its wait again. */
    @Override
    public void change(Toxic toxic) {
        delayNanos = StageClock.millis(toxic.attribute("delay"));
        if (ending != null) {
            Ending how = ending;
            stopWaiting();
            end(how);
        }
    }

    @Override
    public void leave() {
        Ending how = ending;
        stopWaiting();
        if (how != null) {
            out.end(how);
        }
    }

    @Override
    public void drop() {
        stopWaiting();
    }

    private void stopWaiting() {
        ending = null;
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
