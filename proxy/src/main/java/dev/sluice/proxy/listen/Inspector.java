package dev.sluice.proxy.listen;

import dev.sluice.proxy.codec.FirstBytes;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Patience;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import java.util.Optional;

/**
 * Collects the first bytes of a connection until all listener filters have what they need, then
 * hands it to the filter chain that fits and leaves the pipeline. Bounded in bytes and time.
 * Loop-owned.
 */
final class Inspector extends FirstBytes {
    /** More than the largest ClientHello and the largest PROXY protocol header together. */
    private static final int MOST_BYTES = 64 * 1024;

    private final List<Inspection.Filter> filters;
    private final Patience patience;
    private final Next next;
    private ConnectionFacts facts;
    private int filter;

    /** What comes after. */
    interface Next {
        /** Adds the handlers of the chain that fits; empty: none does. */
        Optional<ServerConnection> begin(ChannelHandlerContext context, ConnectionFacts facts);

        /** The connection is closed. */
        void refused(String reason);
    }

    /**
     * @param facts known so far
     * @param patience with the filters
     */
    Inspector(
            List<Inspection.Filter> filters, ConnectionFacts facts, Patience patience, Next next) {
        this.filters = filters;
        this.facts = facts;
        this.patience = patience;
        this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        super.handlerAdded(context);
        context.channel().config().setAutoRead(false);
        limit(context, patience.limit(), () -> late(context));
        if (context.channel().isActive()) {
            advance(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        advance(context);
        context.fireChannelActive();
    }

    @Override
    public void onBytes(ChannelHandlerContext context) {
        advance(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!isOver()) {
            context.read();
        }
        context.fireChannelReadComplete();
    }

    private void advance(ChannelHandlerContext context) {
        while (!isOver() && filter < filters.size()) {
            switch (filters.get(filter).inspect(seen(), facts)) {
                case Inspection.Found(ConnectionFacts found, int consumed) -> {
                    facts = found;
                    seen().skipBytes(consumed);
                    filter++;
                }
                case Inspection.Malformed(String reason) -> {
                    refuse(context, reason);
                    return;
                }
                case Inspection.More() -> {
                    if (seen().readableBytes() > MOST_BYTES) {
                        refuse(context, "more than 64 KiB before the first message ends");
                    } else {
                        context.read();
                    }
                    return;
                }
            }
        }
        handOver(context);
    }

    private void handOver(ChannelHandlerContext context) {
        if (isOver() || !context.channel().isActive()) {
            return;
        }
        stopTimer();
        Optional<ServerConnection> begun = next.begin(context, facts);
        if (begun.isEmpty()) {
            var unused = context.close();
            return;
        }
        becomes(begun.get());
        passOn(context);
    }

    private void late(ChannelHandlerContext context) {
        switch (patience.then()) {
            case CLOSE -> refuse(context, "listener filters timed out");
            case GO_ON -> handOver(context);
        }
    }

    private void refuse(ChannelHandlerContext context, String reason) {
        stopTimer();
        next.refused(reason);
        var unused = context.close();
    }
}
