package dev.sluice.chaos.toxiproxy;

import static io.netty.channel.ChannelFutureListener.CLOSE;

import dev.sluice.chaos.toxiproxy.toxic.Direction;
import dev.sluice.chaos.toxiproxy.toxic.StageClock;
import dev.sluice.chaos.toxiproxy.toxic.Stages;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A client's connection through a proxy and its connection to the upstream, on one event loop,
 * which owns this. Each direction ends on its own by FIN; when both have ended, or one socket is
 * gone, or a toxic says so, both sockets are closed.
 */
final class Connection {
    private final DuplexChannel client;
    private final DuplexChannel upstream;
    private final Numbered numbered;
    private final Flow up;
    private final Flow down;
    private final Set<Direction> sent = EnumSet.noneOf(Direction.class);
    private final Set<Direction> finished = EnumSet.noneOf(Direction.class);
    private boolean closing;

    /**
     * What is a connection's own at its proxy.
     *
     * @param number from 1
     * @param draws what chance decides for it
     * @param up counts its bytes to the upstream
     * @param down counts its bytes to the client
     */
    record Numbered(
            String proxy, long number, Draws draws, ByteCounts.Counts up, ByteCounts.Counts down) {
        ByteCounts.Counts counts(Direction direction) {
            return direction == Direction.UPSTREAM ? up : down;
        }

        boolean bitesBy(Toxic toxic) {
            return draws.toxicity(proxy, number, toxic.name()) < toxic.toxicity();
        }
    }

    Connection(DuplexChannel client, DuplexChannel upstream, Numbered numbered) {
        this.client = client;
        this.upstream = upstream;
        this.numbered = numbered;
        this.up = flow(upstream, Direction.UPSTREAM);
        this.down = flow(client, Direction.DOWNSTREAM);
    }

    private Flow flow(Channel receiver, Direction direction) {
        StageClock clock = StageClock.of(client.eventLoop());
        return new Flow(
                new Sink(receiver, this, direction),
                (toxic, out) ->
                        Stages.of(
                                toxic,
                                out,
                                clock,
                                numbered.draws()
                                        .generator(
                                                numbered.proxy(),
                                                numbered.number(),
                                                toxic.name())));
    }

    /** Begins to move bytes, through these toxics. */
    void start(List<Toxic> toxics) {
        apply(toxics);
        upstream.pipeline().addLast(new EndHandler(this, Direction.DOWNSTREAM));
        client.pipeline().addLast(new EndHandler(this, Direction.UPSTREAM));
        upstream.read();
        client.read();
        if (!client.isActive() || !upstream.isActive()) {
            close();
        }
    }

    EventExecutor loop() {
        return client.eventLoop();
    }

    /** Brings both directions in line with all toxics of the proxy, those of either direction. */
    void apply(List<Toxic> toxics) {
        up.apply(biting(toxics, Direction.UPSTREAM));
        down.apply(biting(toxics, Direction.DOWNSTREAM));
        moved(Direction.UPSTREAM);
        moved(Direction.DOWNSTREAM);
    }

    private List<Toxic> biting(List<Toxic> toxics, Direction direction) {
        List<Toxic> biting = new ArrayList<>();
        for (Toxic toxic : toxics) {
            if (toxic.direction() == direction && numbered.bitesBy(toxic)) {
                biting.add(toxic);
            }
        }
        return biting;
    }

    /** Bytes that arrived from the sender of this direction. */
    void arrived(Direction direction, ByteBuf chunk) {
        numbered.counts(direction).received().add(chunk.readableBytes());
        flow(direction).data(chunk);
    }

    /** Bytes that the receiver's socket has taken. */
    void written(Direction direction, int bytes) {
        numbered.counts(direction).sent().add(bytes);
        moved(direction);
    }

    /** The sender of this direction sends no more. */
    void senderFinished(Direction direction) {
        sent.add(direction);
        flow(direction).end();
    }

    /** Room may have come free in this direction: reads on unless it is full. */
    void moved(Direction direction) {
        if (!closing && !sent.contains(direction) && !flow(direction).full()) {
            sender(direction).read();
        }
    }

    /** The receiver of this direction gets a FIN behind what was written. */
    void finish(Direction direction) {
        finished.add(direction);
        DuplexChannel receiver = receiver(direction);
        receiver.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> finished(receiver));
    }

    private void finished(DuplexChannel receiver) {
        if (finished.size() == Direction.values().length) {
            close();
        } else if (!closing) {
            var unused = receiver.shutdownOutput();
        }
    }

    /** A socket is gone: what is on its way to the other one still arrives, if it can. */
    void lost(Direction from) {
        Direction to = from == Direction.UPSTREAM ? Direction.DOWNSTREAM : Direction.UPSTREAM;
        flow(to).drop();
        finished.add(to);
        if (finished.contains(from)) {
            close();
        } else {
            flow(from).end();
        }
    }

    /** Closes both sockets behind what was written to them. */
    void closeAfterWrites() {
        if (!closing) {
            stop();
            upstream.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(CLOSE);
            client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(CLOSE);
        }
    }

    /** Closes both sockets by RST. */
    void reset() {
        discardOnClose(client);
        discardOnClose(upstream);
        close();
    }

    private static void discardOnClose(DuplexChannel socket) {
        if (socket.isOpen()) {
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }

    /** Closes both sockets now; a second call does nothing. */
    void close() {
        stop();
        var unused = upstream.close();
        unused = client.close();
    }

    private void stop() {
        closing = true;
        up.drop();
        down.drop();
    }

    private Flow flow(Direction direction) {
        return direction == Direction.UPSTREAM ? up : down;
    }

    private DuplexChannel sender(Direction direction) {
        return direction == Direction.UPSTREAM ? client : upstream;
    }

    private DuplexChannel receiver(Direction direction) {
        return direction == Direction.UPSTREAM ? upstream : client;
    }
}
