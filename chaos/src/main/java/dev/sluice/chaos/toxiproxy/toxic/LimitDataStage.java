package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;

/** Passes {@code bytes} bytes, counted from when the toxic met the connection, then closes it. */
final class LimitDataStage implements Stage {
    private final Outlet out;
    private long limit;
    private long passed;

    LimitDataStage(Outlet out, Toxic toxic) {
        this.out = out;
        change(toxic);
    }

    @Override
    public void data(ByteBuf chunk) {
        int pass = Math.clamp(limit - passed, 0, chunk.readableBytes());
        passed += pass;
        out.data(chunk.slice(chunk.readerIndex(), pass));
        if (passed >= limit) {
            out.end(Ending.CLOSE);
        }
    }

    @Override
    public void end(Ending how) {
        out.end(how);
    }

    /** What has passed still counts. */
    @Override
    public void change(Toxic toxic) {
        limit = Math.max(0, toxic.attribute("bytes"));
    }
}
