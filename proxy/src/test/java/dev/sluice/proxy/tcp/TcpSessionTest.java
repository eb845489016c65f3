package dev.sluice.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import dev.sluice.testkit.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two ends without a network. */
@ExtendWith(LeakCheck.class)
class TcpSessionTest {
    private final List<ExchangeRecord> records = new ArrayList<>();
    private final Reads clientReads = new Reads();
    private final Reads endpointReads = new Reads();
    private final EmbeddedChannel client = new EmbeddedChannel(clientReads);
    private final EmbeddedChannel endpoint = new EmbeddedChannel(endpointReads);
    private TcpSession session;

    /** Counts what is asked of the socket. */
    private static final class Reads extends ChannelOutboundHandlerAdapter {
        private int count;

        @Override
        public void read(ChannelHandlerContext context) {
            count++;
            context.read();
        }
    }

    private TcpSession session() {
        Loop loop =
                new Loop(
                        0,
                        client.eventLoop(),
                        new SplittableRandom(1),
                        new Timers(client.eventLoop()),
                        (executor, cluster) -> {
                            throw new AssertionError("no connector is needed");
                        },
                        client.eventLoop().ticker());
        TcpSurroundings around =
                new TcpSurroundings(
                        () -> ConfigurationInForce.EMPTY,
                        (executor, cluster) -> {
                            throw new AssertionError("no socket is needed");
                        },
                        Clock.systemUTC(),
                        records::add);
        TcpProxySpec spec =
                new TcpProxySpec(
                        "t",
                        List.of(new TcpProxySpec.Weighted("app", 1)),
                        Duration.ZERO,
                        Duration.ZERO,
                        1,
                        List.of());
        return new TcpSession(
                client.eventLoop(),
                spec,
                new TcpTally("main", loop, around, TransportSecurity.CLEAR, client, List.of()));
    }

    @BeforeEach
    void connect() {
        session = session();
        client.config().setAutoRead(false);
        endpoint.config().setAutoRead(false);
        client.pipeline().addLast(session.client());
        endpoint.pipeline().addLast(session.endpoint());
        clientReads.count = 0;
        endpointReads.count = 0;
    }

    @Test
    void what_comes_before_the_endpoint_is_there_is_not_lost() {
        client.writeInbound(bytes("early"));
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        session.begin();
        ByteBuf arrived = endpoint.readOutbound();

        assertThat(arrived.toString(StandardCharsets.US_ASCII)).isEqualTo("early");
        arrived.release();
        session.close();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void nothing_is_read_before_the_endpoint_is_there() {
        session.client().read();
        int before = clientReads.count;
        session.begin();

        assertThat(before).as("reads of the client before").isZero();
        assertThat(clientReads.count).as("reads of the client").isEqualTo(1);
        assertThat(endpointReads.count).as("reads of the endpoint").isEqualTo(1);
        session.close();
    }

    @Test
    void a_side_is_read_only_while_the_other_can_be_written_to() {
        session.begin();
        client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        endpoint.writeInbound(bytes("much"));
        int stopped = endpointReads.count;
        client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        client.runPendingTasks();

        assertThat(stopped).as("reads while the client takes nothing").isEqualTo(1);
        assertThat(endpointReads.count).as("reads after").isEqualTo(2);
        ByteBuf arrived = client.readOutbound();
        assertThat(arrived.toString(StandardCharsets.US_ASCII)).isEqualTo("much");
        arrived.release();
        session.close();
    }

    @Test
    void the_session_ends_with_its_second_side_and_is_recorded_once() {
        session.begin();
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        boolean stays = client.isOpen() && endpoint.isOpen();
        endpoint.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        client.runPendingTasks();
        endpoint.runPendingTasks();

        assertThat(stays).as("open after the first end").isTrue();
        assertThat(client.isOpen() || endpoint.isOpen()).as("open after both").isFalse();
        assertThat(records).as("records").hasSize(1);
    }
}
