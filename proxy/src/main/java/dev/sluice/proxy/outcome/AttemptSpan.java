package dev.sluice.proxy.outcome;

import dev.sluice.proxy.exchange.HeaderBlock;
import java.net.InetSocketAddress;

/** One attempt as a trace sees it. Loop-owned. */
public interface AttemptSpan {
    /** Of an attempt that is not traced. */
    AttemptSpan NONE = new Untraced();

    /** Makes this span the parent of what the upstream does. */
    void mark(HeaderBlock upstream);

    /** It goes to this endpoint. */
    void host(InetSocketAddress address);

    /**
     * The upstream answered.
     *
     * @param grpcStatus in the head; -1 when there is none
     */
    void answered(int status, int grpcStatus);

    /** No whole answer will come; the first reason counts. */
    void failed(String error);

    /**
     * It is over; later calls change nothing.
     *
     * @param grpcStatus of the whole answer; -1 when there is none
     */
    void end(int grpcStatus);

    /** Nobody looks. */
    final class Untraced implements AttemptSpan {
        @Override
        public void mark(HeaderBlock upstream) {}

        @Override
        public void host(InetSocketAddress address) {}

        @Override
        public void answered(int status, int grpcStatus) {}

        @Override
        public void failed(String error) {}

        @Override
        public void end(int grpcStatus) {}
    }
}
