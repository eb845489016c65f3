package dev.sluice.proxy.admin;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Gathers the body of an admin request. Owned by the admin loop. */
final class AdminBody implements BodyReceiver {
    /** Longest body, bytes. */
    static final int MOST_BYTES = 64 * 1024;

    private final Consumer<String> whole;
    private final Runnable tooLarge;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long size;

    /**
     * @param whole gets the body as UTF-8 text when it is complete
     * @param tooLarge run in its place when the body was over the limit; what was over is dropped
     */
    AdminBody(Consumer<String> whole, Runnable tooLarge) {
        this.whole = whole;
        this.tooLarge = tooLarge;
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        byte[] part = new byte[data.readableBytes()];
        data.readBytes(part).release();
        size += part.length;
        if (size <= MOST_BYTES) {
            bytes.writeBytes(part);
        }
        if (last) {
            end();
        }
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
        end();
    }

    @Override
    public void onReset(StreamReset reset) {}

    private void end() {
        if (size > MOST_BYTES) {
            tooLarge.run();
        } else {
            whole.accept(bytes.toString(StandardCharsets.UTF_8));
        }
    }
}
