package dev.sluice.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Asks the kernel where a connection was going before netfilter redirected it to this listener
 * (Linux {@code SO_ORIGINAL_DST} of {@code linux/netfilter_ipv4.h}, {@code IP6T_SO_ORIGINAL_DST}).
 * Works with epoll only. Stateless.
 */
final class OriginalDestination {
    private static final RawUnixChannelOption IPV4 =
            new RawUnixChannelOption("SO_ORIGINAL_DST", /* SOL_IP */ 0, 80, 16);
    private static final RawUnixChannelOption IPV6 =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", /* SOL_IPV6 */ 41, 80, 28);

    private OriginalDestination() {}

    /** Empty for a connection that was not redirected. */
    static Optional<InetSocketAddress> of(Channel channel) {
        if (!(channel instanceof EpollSocketChannel socket)) {
            return Optional.empty();
        }
        boolean six =
                socket.localAddress().getAddress() instanceof Inet6Address address
                        && !address.isIPv4CompatibleAddress();
        try {
            ByteBuffer raw = socket.config().getOption(six ? IPV6 : IPV4);
            return raw == null ? Optional.empty() : Optional.of(address(raw, six));
        } catch (ChannelException notRedirected) {
            return Optional.empty();
        }
    }

    /** {@code sockaddr_in} or {@code sockaddr_in6}. */
    private static InetSocketAddress address(ByteBuffer raw, boolean six) {
        ByteBuffer sockaddr = raw.duplicate().order(ByteOrder.BIG_ENDIAN);
        byte[] bytes = new byte[six ? 16 : 4];
        sockaddr.get(six ? 8 : 4, bytes);
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(bytes), Short.toUnsignedInt(sockaddr.getShort(2)));
        } catch (UnknownHostException otherLength) {
            throw new IllegalStateException("an address of 4 or 16 bytes", otherLength);
        }
    }
}
