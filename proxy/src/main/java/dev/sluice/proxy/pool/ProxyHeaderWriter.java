package dev.sluice.proxy.pool;

import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec.ProxyProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * Tells an endpoint who the client is before anything else is sent (PROXY protocol, HAProxy's
 * proxy-protocol.txt), then leaves. It also looks at what is written: whoever waits for the
 * connection hears of it before the channel says that it is active. Loop-owned.
 */
final class ProxyHeaderWriter extends ChannelDuplexHandler {
    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int PROXY = 0x21;
    private static final int TCP_4 = 0x11;
    private static final int TCP_6 = 0x21;

    private final ProxyProtocolVersion version;
    private final Addresses addresses;

    ProxyHeaderWriter(ProxyProtocolVersion version, Addresses addresses) {
        this.version = version;
        this.addresses = addresses;
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
            case V1 -> text(header);
            case V2 -> binary(header);
        }
        var unused = context.writeAndFlush(header);
        context.pipeline().remove(this);
    }

    private void text(ByteBuf header) {
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

    /** An IPv4 address beside an IPv6 one is written as an IPv4-mapped one. */
    private void binary(ByteBuf header) {
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
