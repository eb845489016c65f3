package dev.sluice.proxy.mirror;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The part of a mirrored body that its endpoint has not taken yet. Loop-owned. */
final class WaitingBody {
    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>();
    private final MirrorMemory memory;
    private int bytes;
    private boolean complete;
    private boolean sent;
    private @Nullable HeaderBlock trailers;

    WaitingBody(MirrorMemory memory) {
        this.memory = memory;
    }

    /** Takes a part, which belongs to it from now on; false: there is no room, and it is gone. */
    boolean add(ByteBuf part, boolean last) {
        int length = part.readableBytes();
        if (bytes + length > MirrorMemory.PER_REQUEST || !memory.tryTake(length)) {
            part.release();
            return false;
        }
        bytes += length;
        parts.addLast(part);
        complete = last;
        return true;
    }

    void end(HeaderBlock fields) {
        trailers = fields;
        complete = true;
    }

    /** Gives the endpoint what it takes now; asks to be called again for the rest. */
    void sendTo(BodySink sink, Runnable again) {
        while (!parts.isEmpty()) {
            if (!sink.isWritable()) {
                sink.onWritable(again);
                return;
            }
            ByteBuf part = parts.removeFirst();
            give(part.readableBytes());
            sink.data(part, /* last= */ false);
        }
        if (complete && !sent) {
            sent = true;
            HeaderBlock fields = trailers;
            if (fields == null) {
                sink.data(Unpooled.EMPTY_BUFFER, /* last= */ true);
            } else {
                sink.trailers(fields);
            }
        }
    }

    /** Whether all of it has come. */
    boolean isComplete() {
        return complete;
    }

    /** Whether all of it has come and was given to the endpoint. */
    boolean isSent() {
        return sent;
    }

    void drop() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        give(bytes);
    }

    private void give(int length) {
        bytes -= length;
        memory.giveBack(length);
    }
}
