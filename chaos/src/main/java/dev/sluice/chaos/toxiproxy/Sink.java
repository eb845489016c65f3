package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Direction;
import dev.sluice.chaos.toxiproxy.toxic.Ending;
import dev.sluice.chaos.toxiproxy.toxic.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** The last stage: writes to the receiving end's socket. Owned by the connection's event loop. */
final class Sink implements Stage {
    private final Channel receiver;
    private final Connection connection;
    private final Direction direction;

    Sink(Channel receiver, Connection connection, Direction direction) {
        this.receiver = receiver;
        this.connection = connection;
        this.direction = direction;
    }

    @Override
    public void data(ByteBuf chunk) {
        int bytes = chunk.readableBytes();
        receiver.writeAndFlush(chunk)
                .addListener(
                        written -> connection.written(direction, written.isSuccess() ? bytes : 0));
    }

    @Override
    public void end(Ending ending) {
        switch (ending) {
            case FINISH -> connection.finish(direction);
            case CLOSE -> connection.closeAfterWrites();
            case RESET -> connection.reset();
        }
    }

    @Override
    public boolean full() {
        return !receiver.isWritable();
    }
}
