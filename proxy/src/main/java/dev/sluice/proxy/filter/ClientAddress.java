package dev.sluice.proxy.filter;

import dev.sluice.proxy.gate.ExchangeView;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Whose address is taken for the client's, as Envoy's {@code use_remote_address} says. */
public enum ClientAddress {
    /** The direct peer is the client. */
    PEER,
    /** The last address of {@code x-forwarded-for}, if it is one, else the direct peer. */
    FORWARDED_FOR;

    /** The client's address; empty on a UNIX socket. */
    Optional<InetAddress> of(ExchangeView request) {
        Optional<InetAddress> peer = Optional.ofNullable(request.peer().remote().getAddress());
        return switch (this) {
            case PEER -> peer;
            case FORWARDED_FOR ->
                    request.joinedHeader("x-forwarded-for")
                            .flatMap(ClientAddress::last)
                            .or(() -> peer);
        };
    }

    private static Optional<InetAddress> last(CharSequence list) {
        String text = list.toString();
        byte[] bytes =
                NetUtil.createByteArrayFromIpAddressString(
                        text.substring(text.lastIndexOf(',') + 1).strip());
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
