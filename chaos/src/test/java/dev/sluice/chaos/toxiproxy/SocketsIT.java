package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.tcp.HeldPort;
import dev.sluice.testkit.tcp.TcpConnection;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When a socket that listened is gone. */
@ExtendWith(LeakCheck.class)
class SocketsIT {
    /** Calls that keep the loop busy. */
    private static final int CALLS = 50;

    /**
     * The loop closes the socket and is busy for a while after it: meanwhile the system takes
     * connections as before, so nobody may be told yet that it is gone.
     */
    @Test
    void a_socket_is_gone_when_nobody_can_connect_to_it() throws Exception {
        try (HeldPort port = HeldPort.take();
                EventLoopGroup loops =
                        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port());
            Channel listener =
                    new ServerBootstrap()
                            .group(loops)
                            .channel(NioServerSocketChannel.class)
                            .childHandler(new ChannelInboundHandlerAdapter())
                            .bind(address)
                            .sync()
                            .channel();
            SingleThreadEventLoop loop = (SingleThreadEventLoop) listener.eventLoop();
            CountDownLatch allQueued = new CountDownLatch(1);
            CompletableFuture<Long> meanwhile = new CompletableFuture<>();
            AtomicBoolean busy = new AtomicBoolean(true);
            loop.execute(() -> Patience.await(allQueued, "what this turn of the loop has to do"));
            CompletableFuture<Boolean> early =
                    CompletableFuture.supplyAsync(() -> {
                        Sockets.stopListening(listener);
                        return busy.get();
                    });
            awaitQueued(loop);
            loop.execute(() -> {
                long connected = IntStream.range(0, CALLS).filter(_ -> connects(address)).count();
                busy.set(false);
                meanwhile.complete(connected);
            });
            allQueued.countDown();

            assertThat(Patience.await(meanwhile, "calls in the same turn"))
                    .as("calls that were taken in the same turn")
                    .isEqualTo(CALLS);
            assertThat(Patience.await(early, "the socket to be gone")).as("told early").isFalse();
            assertThatThrownBy(() -> TcpConnection.connect(address))
                    .isInstanceOf(ConnectException.class);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Waits until the loop has something to do after what holds it. */
    private static void awaitQueued(SingleThreadEventLoop loop) {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (loop.pendingTasks() == 0) {
            assertThat(System.nanoTime()).as("the end of patience").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static boolean connects(InetSocketAddress address) {
        try (TcpConnection connection = TcpConnection.connect(address)) {
            return connection.peer().equals(address);
        } catch (IOException refused) {
            return false;
        }
    }
}
