package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;

/**
 * Where a stage's bytes go; it can be turned to another stage while bytes flow. After an end
 * nothing passes any more. Owned by the connection's event loop.
 */
public final class Outlet {
    private Stage target;
    private boolean ended;

    public Outlet(Stage target) {
        this.target = target;
    }

    /** Some bytes; the buffer is given away. */
    public void data(ByteBuf chunk) {
        if (ended || !chunk.isReadable()) {
            chunk.release();
        } else {
            target.data(chunk);
        }
    }

    /** Nothing follows; only the first end counts. */
    public void end(Ending ending) {
        if (!ended) {
            ended = true;
            target.end(ending);
        }
    }

    /** Where bytes go now. */
    public Stage target() {
        return target;
    }

    /** Sends what follows elsewhere. */
    public void turnTo(Stage stage) {
        target = stage;
    }
}
