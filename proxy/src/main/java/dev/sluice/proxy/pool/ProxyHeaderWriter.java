package dev.sluice.proxy.pool;

import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec.ProxyProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tells an endpoint who the client is before anything else is sent (PROXY protocol, HAProxy's
 * proxy-protocol.txt), then leaves. Where there is no client but this proxy itself, version 2 says
 * {@code LOCAL}, and version 1 names the two ends of the connection, as Envoy does. It also looks
 * at what is written: whoever waits for the connection hears of it before the channel says that it
 * is active. Loop-owned.
 */
final class ProxyHeaderWriter extends ChannelDuplexHandler {
    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP_4 = 0x11;
    private static final int TCP_6 = 0x21;

    private final ProxyProtocolVersion version;
    private final Optional<Addresses> client;

    /**
     * @param client absent: this proxy itself
     */
    ProxyHeaderWriter(ProxyProtocolVersion version, Optional<Addresses> client) {
        this.version = version;
        this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        tell(context);
        context.fireChannelActive();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        tell(context);
        var unused = context.write(message, promise);
    }

    private void tell(ChannelHandlerContext context) {
        ByteBuf header = context.alloc().buffer();
        switch (version) {
            case V1 -> text(header, client.orElseGet(() -> ends(context.channel())));
            case V2 -> client.ifPresentOrElse(one -> binary(header, one), () -> local(header));
        }
        var unused = context.writeAndFlush(header);
        context.pipeline().remove(this);
    }

    private static Addresses ends(Channel channel) {
        return new Addresses(
                (InetSocketAddress) channel.localAddress(),
                (InetSocketAddress) channel.remoteAddress());
    }

    private static void text(ByteBuf header, Addresses addresses) {
        InetAddress from = addresses.remote().getAddress();
        InetAddress to = addresses.local().getAddress();
        boolean same = from.getAddress().length == to.getAddress().length;
        String line =
                same
                        ? "PROXY %s %s %s %d %d\r\n"
                                .formatted(
                                        from.getAddress().length == 4 ? "TCP4" : "TCP6",
                                        NetUtil.toAddressString(from),
                                        NetUtil.toAddressString(to),
                                        addresses.remote().getPort(),
                                        addresses.local().getPort())
                        : "PROXY UNKNOWN\r\n";
        header.writeCharSequence(line, StandardCharsets.US_ASCII);
    }

    /** No addresses follow. */
    private static void local(ByteBuf header) {
        header.writeBytes(SIGNATURE).writeByte(LOCAL).writeByte(0).writeShort(0);
    }

    /** An IPv4 address beside an IPv6 one is written as an IPv4-mapped one. */
    private static void binary(ByteBuf header, Addresses addresses) {
        byte[] from = addresses.remote().getAddress().getAddress();
        byte[] to = addresses.local().getAddress().getAddress();
        boolean four = from.length == 4 && to.length == 4;
        int length = four ? 12 : 36;
        header.writeBytes(SIGNATURE).writeByte(PROXY).writeByte(four ? TCP_4 : TCP_6);
        header.writeShort(length);
        header.writeBytes(four ? from : mapped(from)).writeBytes(four ? to : mapped(to));
        header.writeShort(addresses.remote().getPort()).writeShort(addresses.local().getPort());
    }

    private static byte[] mapped(byte[] address) {
        if (address.length == 16) {
            return address;
        }
        byte[] six = new byte[16];
        six[10] = (byte) 0xff;
        six[11] = (byte) 0xff;
        System.arraycopy(address, 0, six, 12, 4);
        return six;
    }
}
