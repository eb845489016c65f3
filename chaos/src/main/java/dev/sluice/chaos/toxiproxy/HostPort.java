package dev.sluice.chaos.toxiproxy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address as Toxiproxy writes it: {@code host:port}, {@code [v6]:port}, {@code :port}.
 * Immutable.
 *
 * @param host without brackets; empty for all addresses of this machine
 * @param port 0 to 65535; 0 is any free one
 */
record HostPort(String host, int port) {
    private static final int LARGEST_PORT = 65_535;

    /** Not an address; the message is what Toxiproxy's API answers. */
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }

    /** Reads an address; the empty text is any port of all addresses. */
    static HostPort parse(String address) throws Malformed {
        if (address.isEmpty()) {
            return new HostPort("", 0);
        }
        int colon = address.lastIndexOf(':');
        if (colon < 0 || address.endsWith("]")) {
            throw new Malformed("address " + address + ": missing port in address");
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new Malformed("address " + address + ": too many colons in address");
        }
        return new HostPort(host, port(address.substring(colon + 1)));
    }

    private static int port(String text) throws Malformed {
        try {
            int port = text.isEmpty() ? 0 : Integer.parseInt(text);
            if (port >= 0 && port <= LARGEST_PORT) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw new Malformed("lookup tcp/" + text + ": unknown port");
        }
        throw new Malformed("address " + text + ": invalid port");
    }

    /** Looks the host up, which may block. */
    InetSocketAddress resolve() throws UnknownHostException {
        InetAddress address = host.isEmpty() ? Sockets.anyLocal() : InetAddress.getByName(host);
        return new InetSocketAddress(address, port);
    }

    /** As the API shows it: {@code 127.0.0.1:80}, {@code [::]:80}. */
    static String text(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }
}
