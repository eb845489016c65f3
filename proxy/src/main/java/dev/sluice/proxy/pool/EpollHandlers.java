package dev.sluice.proxy.pool;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll, but a socket of which nothing is awaited stays with the kernel's epoll.
 *
 * <p>Netty 4.2.18 takes such a socket out and forgets that it did: the next time that something is
 * awaited, the kernel knows no such socket, the output is shut down, and what was still to be sent
 * is lost. That happens to each peer that has ended its half and reads slower than is sent: neither
 * its bytes nor its end are awaited any more, and then room to write is. Here errors are awaited in
 * place of nothing; the kernel tells of these anyhow, and being edge-triggered it does so once.
 * Thread-safe.
 */
final class EpollHandlers implements IoHandlerFactory {
    private static final EpollIoOps ERRORS_ALONE = EpollIoOps.EPOLLET.with(EpollIoOps.EPOLLERR);

    private final IoHandlerFactory netty = EpollIoHandler.newFactory();

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Handler(netty.newHandler(executor));
    }

    @Override
    public boolean isChangingThreadSupported() {
        return netty.isChangingThreadSupported();
    }

    private record Handler(IoHandler netty) implements IoHandler {
        @Override
        public void initialize() {
            netty.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return netty.run(context);
        }

        @Override
        public void prepareToDestroy() {
            netty.prepareToDestroy();
        }

        @Override
        public void destroy() {
            netty.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return new Registration(netty.register(handle));
        }

        @Override
        public void wakeup() {
            netty.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return netty.isCompatible(type);
        }
    }

    private record Registration(IoRegistration netty) implements IoRegistration {
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // the interface's
        public <T> T attachment() {
            return netty.attachment();
        }

        @Override
        public long submit(IoOps operations) {
            return netty.submit(operations.equals(EpollIoOps.NONE) ? ERRORS_ALONE : operations);
        }

        @Override
        public boolean isValid() {
            return netty.isValid();
        }

        @Override
        public boolean cancel() {
            return netty.cancel();
        }
    }
}
