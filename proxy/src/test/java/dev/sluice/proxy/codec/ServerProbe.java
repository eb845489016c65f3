package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.PathNormalization;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A server codec on an embedded channel, and all it told. One thread. */
public final class ServerProbe {
    public final List<ServerStream> streams = new ArrayList<>();
    public final List<CodecRefusal> refusals = new ArrayList<>();
    public Consumer<ServerStream> onStream = stream -> {};
    public final EmbeddedChannel channel;
    public final ServerConnection connection;

    public ServerProbe(CodecType type, Limits limits, Timeouts timeouts) {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        connection =
                new ServerCodec(
                                spec(type, limits, timeouts),
                                this::offered,
                                (peer, refusal) -> refusals.add(refusal))
                        .install(channel, TransportSecurity.CLEAR);
    }

    private void offered(ServerStream stream) {
        streams.add(stream);
        onStream.accept(stream);
    }

    public static ServerProbe http1() {
        return new ServerProbe(CodecType.AUTO, Limits.DEFAULT, Timeouts.DEFAULT);
    }

    public static HttpConnectionManagerSpec spec(CodecType type, Limits limits, Timeouts timeouts) {
        return new HttpConnectionManagerSpec(
                "test",
                type,
                new RouteSource.Rds("none"),
                List.of(),
                Optional.empty(),
                HttpConnectionManagerSpec.Upgrades.NONE,
                limits,
                timeouts,
                ConnectionSpec.DEFAULT,
                PathNormalization.NONE,
                Forwarding.DEFAULT,
                ProxyStatusSpec.DEFAULT,
                List.of(),
                Optional.empty());
    }

    /** Sends characters as ISO-8859-1 and lets the loop run. */
    public ServerProbe send(String text) {
        channel.writeInbound(bytes(text));
        return this;
    }

    public static ByteBuf bytes(String text) {
        ByteBuf bytes = Unpooled.directBuffer(Math.max(1, text.length()));
        bytes.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        return bytes;
    }

    /** All that was written since the last call. */
    public String received() {
        return written(channel);
    }

    /** All that was written to a channel since the last call. */
    public static String written(EmbeddedChannel channel) {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return text.toString();
    }

    public ServerStream stream(int index) {
        return streams.get(index);
    }

    public void finish() {
        channel.finishAndReleaseAll();
    }

    /** Starts a body and keeps what comes. */
    public static Collected collect(BodySource source) {
        Collected collected = new Collected();
        source.start(collected);
        return collected;
    }

    /** What a body delivered. */
    public static final class Collected implements BodyReceiver {
        public final StringBuilder text = new StringBuilder();
        public final List<StreamReset> resets = new ArrayList<>();
        public Optional<HeaderBlock> trailers = Optional.empty();
        public int parts;
        public boolean ended;

        @Override
        public void onData(ByteBuf data, boolean last) {
            parts++;
            text.append(data.toString(StandardCharsets.ISO_8859_1));
            data.release();
            ended |= last;
        }

        @Override
        public void onTrailers(HeaderBlock fields) {
            trailers = Optional.of(fields);
            ended = true;
        }

        @Override
        public void onReset(StreamReset reset) {
            resets.add(reset);
        }
    }
}
