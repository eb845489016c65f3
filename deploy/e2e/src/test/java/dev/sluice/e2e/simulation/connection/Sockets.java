package dev.sluice.e2e.simulation.connection;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Connections inside this process, on Netty's manual event loop, which knows no clock but the one
 * that it is given. Used by one thread, which makes it.
 */
public final class Sockets {
    /** Of buffers that nobody counts: recording the way of each would take most of a run's time. */
    private static final ByteBufAllocator BUFFERS =
            new UnpooledByteBufAllocator(
                    /* preferDirect= */ false, /* disableLeakDetector= */ true);

    private final ManualIoEventLoop loop;
    private int open;

    /**
     * @param nanos since some beginning
     */
    public Sockets(LongSupplier nanos) {
        loop =
                new ManualIoEventLoop(
                        /* parent= */ null,
                        Thread.currentThread(),
                        LocalIoHandler.newFactory(),
                        new Virtual(nanos));
    }

    /**
     * Does all that is ready at this time; to be called whenever something has happened, and cheap
     * while no socket is open.
     */
    public void run() {
        if (open == 0) {
            return;
        }
        int done = loop.runNow();
        while (done > 0) {
            done = loop.runNow();
        }
    }

    /** Takes connections from the next {@link #run} on. */
    Channel listen(LocalAddress address, ChannelHandler connection) {
        return counted(
                new ServerBootstrap()
                        .group(loop)
                        .channel(LocalServerChannel.class)
                        .childOption(ChannelOption.ALLOCATOR, BUFFERS)
                        .childHandler(connection)
                        .bind(address));
    }

    /**
     * Connects in the next {@link #run}. No name is looked up: Netty would keep what looks it up
     * for each loop, and with it the whole run.
     */
    void connect(LocalAddress address, ChannelHandler connection) {
        Channel unused =
                counted(
                        new Bootstrap()
                                .group(loop)
                                .channel(LocalChannel.class)
                                .disableResolver()
                                .option(ChannelOption.ALLOCATOR, BUFFERS)
                                .handler(connection)
                                .connect(address));
    }

    private Channel counted(ChannelFuture begun) {
        open++;
        begun.channel().closeFuture().addListener(closed -> open--);
        return begun.channel();
    }

    private record Virtual(LongSupplier nanos) implements Ticker {
        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return nanos.getAsLong();
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException("nobody waits in virtual time");
        }
    }
}
