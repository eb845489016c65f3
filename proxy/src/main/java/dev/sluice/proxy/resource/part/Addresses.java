package dev.sluice.proxy.resource.part;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.part.CidrSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code envoy.config.core.v3.Address}; empty after a problem. Stateless. */
public final class Addresses {
    private static final int LAST_PORT = 65_535;
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?");

    private Addresses() {}

    /** An IP address to bind; port 0 lets the system choose. */
    public static Optional<SocketAddressSpec> listening(Address proto, Spot at) {
        return socket(proto, 0, at).filter(address -> isIp(address, at.field("socket_address")));
    }

    /** An IP address to connect to. */
    public static Optional<SocketAddressSpec> endpoint(Address proto, Spot at) {
        return socket(proto, 1, at).filter(address -> isIp(address, at.field("socket_address")));
    }

    /** An IP address or host name to connect to. */
    public static Optional<SocketAddressSpec> named(Address proto, Spot at) {
        return socket(proto, 1, at).filter(address -> isName(address, at));
    }

    /** An IP address that connections come from; port 0, or none, lets the system choose. */
    public static Optional<InetSocketAddress> source(SocketAddress proto, Spot at) {
        SocketAddress.Builder socket = proto.toBuilder();
        if (proto.getPortSpecifierCase() == SocketAddress.PortSpecifierCase.PORTSPECIFIER_NOT_SET) {
            socket.setPortValue(0);
        }
        return socket(socket.build(), 0, at)
                .filter(address -> isIp(address, at))
                .map(address ->
                        new InetSocketAddress(
                                InetAddress.ofLiteral(address.address()), address.port()));
    }

    private static Optional<SocketAddressSpec> socket(Address proto, int firstPort, Spot at) {
        if (!proto.hasSocketAddress()) {
            at.add("no socket_address", "an address and a port", "write a socket_address");
            return Optional.empty();
        }
        return socket(proto.getSocketAddress(), firstPort, at.field("socket_address"));
    }

    private static Optional<SocketAddressSpec> socket(
            SocketAddress socket, int firstPort, Spot spot) {
        if (socket.getProtocol() != SocketAddress.Protocol.TCP) {
            spot.field("protocol").add(socket.getProtocol().name(), "TCP", "use TCP");
        }
        if (!socket.hasPortValue()) {
            spot.add("no port_value", firstPort + ".." + LAST_PORT, "write port_value");
            return Optional.empty();
        }
        long port = Integer.toUnsignedLong(socket.getPortValue());
        if (port < firstPort || port > LAST_PORT) {
            spot.field("port_value")
                    .add(
                            Long.toString(port),
                            firstPort + ".." + LAST_PORT,
                            "write a port that can be reached");
            return Optional.empty();
        }
        return Optional.of(new SocketAddressSpec(socket.getAddress(), (int) port));
    }

    private static boolean isIp(SocketAddressSpec address, Spot at) {
        if (Values.isIp(address.address())) {
            return true;
        }
        at.field("address")
                .add(
                        Problem.quote(address.address()),
                        "an IPv4 or IPv6 address",
                        "write the address; only clusters of type STRICT_DNS resolve names");
        return false;
    }

    private static boolean isName(SocketAddressSpec address, Spot at) {
        if (Values.isIp(address.address()) || HOST_NAME.matcher(address.address()).matches()) {
            return true;
        }
        at.field("socket_address")
                .field("address")
                .add(
                        Problem.quote(address.address()),
                        "a host name or an IP address",
                        "correct the name");
        return false;
    }

    /** Ranges of addresses; those with a problem are left out. */
    public static List<CidrSpec> ranges(List<CidrRange> protos, Spot at) {
        List<CidrSpec> ranges = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            CidrRange proto = protos.get(i);
            Spot spot = at.index(i);
            if (!Values.isIp(proto.getAddressPrefix())) {
                spot.field("address_prefix")
                        .add(
                                Problem.quote(proto.getAddressPrefix()),
                                "an IPv4 or IPv6 address",
                                "write the address");
                continue;
            }
            InetAddress address = InetAddress.ofLiteral(proto.getAddressPrefix());
            int bits = address.getAddress().length * Byte.SIZE;
            ranges.add(
                    new CidrSpec(
                            address,
                            proto.hasPrefixLen()
                                    ? Values.number(
                                            proto.getPrefixLen(), 0, bits, spot.field("prefix_len"))
                                    : 0));
        }
        return ranges;
    }
}
