package dev.sluice.proxy.filter;

import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose address is taken for the client's, as Envoy's {@code use_remote_address} and {@code
 * xff_num_trusted_hops} say. The addresses of {@code x-forwarded-for} are those of the client and
 * of the proxies behind it, the last one told by the proxy that speaks with this one; so what
 * clients make up stands to the left of what trusted proxies told. Immutable.
 *
 * @param place of the client in {@code x-forwarded-for} as it came, from the right; 0 is the direct
 *     peer, which is the client too where there is no address at the place
 */
public record ClientAddress(int place) {
    /** The direct peer is the client. */
    public static final ClientAddress PEER = new ClientAddress(0);

    /** Of a listener. */
    public static ClientAddress of(Forwarding forwarding) {
        return new ClientAddress(
                forwarding.trustedHops() + (forwarding.useRemoteAddress() ? 0 : 1));
    }

    /** The client's address; empty on a UNIX socket. */
    Optional<InetAddress> of(ExchangeView request) {
        return of(
                request.peer(),
                place == 0 ? null : request.joinedHeader("x-forwarded-for").orElse(null));
    }

    /**
     * The client's address; empty on a UNIX socket.
     *
     * @param came {@code x-forwarded-for} before this proxy appends to it; null without
     */
    public Optional<InetAddress> of(Peer peer, @Nullable CharSequence came) {
        Optional<InetAddress> told =
                place == 0 || came == null ? Optional.empty() : told(came.toString());
        return told.or(() -> Optional.ofNullable(peer.remote().getAddress()));
    }

    private Optional<InetAddress> told(String list) {
        int end = list.length();
        for (int i = 1; i < place; i++) {
            end = list.lastIndexOf(',', end - 1);
            if (end < 0) {
                return Optional.empty();
            }
        }
        return address(list.substring(list.lastIndexOf(',', end - 1) + 1, end).strip());
    }

    private static Optional<InetAddress> address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException neverForFourOrSixteenBytes) {
            return Optional.empty();
        }
    }
}
