package dev.sluice.chaos.toxiproxy;

import io.netty.buffer.ByteBuf;

/**
 * Where a stage's bytes go; it can be turned to another stage while bytes flow. After an end
 * nothing passes any more. Owned by the connection's event loop.
 */
final class Outlet {
    private Stage target;
    private boolean ended;

    Outlet(Stage target) {
        this.target = target;
    }

    void data(ByteBuf chunk) {
        if (ended || !chunk.isReadable()) {
            chunk.release();
        } else {
            target.data(chunk);
        }
    }

    void end(Ending ending) {
        if (!ended) {
            ended = true;
            target.end(ending);
        }
    }

    Stage target() {
        return target;
    }

    void turnTo(Stage stage) {
        target = stage;
    }
}
