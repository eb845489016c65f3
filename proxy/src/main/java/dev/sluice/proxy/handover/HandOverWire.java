package dev.sluice.proxy.handover;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What the two processes say to each other, in lines:
 *
 * <pre>
 * new: sluice hand-over 1
 * old: 10.0.0.1 8080        one line for each listening socket, by its address
 * old:                      an empty line
 * new: go                   it reads descriptors from now on
 * old: (SCM_RIGHTS)         one for each line, in the same order
 * new: ready                it serves; from now on the old one need not
 * old: gone                 the path of this socket is free
 * </pre>
 *
 * Until {@code ready} both accept, and a new process that ends before has changed nothing.
 */
final class HandOverWire {
    static final String HELLO = "sluice hand-over 1";
    static final String GO = "go";
    static final String READY = "ready";
    static final String GONE = "gone";

    private static final int LONGEST_LINE = 1024;

    private HandOverWire() {}

    static void install(ChannelPipeline pipeline) {
        pipeline.addLast(
                new LineBasedFrameDecoder(LONGEST_LINE),
                new StringDecoder(StandardCharsets.US_ASCII),
                new StringEncoder(StandardCharsets.US_ASCII));
    }

    /** Whether this machine can pass descriptors. */
    static boolean isAvailable() {
        return Epoll.isAvailable();
    }
}
