package dev.sluice.contract.fault;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An endpoint as text, {@code 10.0.0.1:8080} or {@code [::1]:8080}. Names are not looked up. */
final class EndpointText {
    private static final Pattern SHAPE =
            Pattern.compile("(?:\\[(?<six>[0-9a-fA-F:.]+)]|(?<four>[0-9.]+)):(?<port>[0-9]{1,5})");
    private static final int LAST_PORT = 65_535;

    private EndpointText() {}

    static Optional<InetSocketAddress> parse(String text, Problems at) {
        Matcher parts = SHAPE.matcher(text);
        if (parts.matches()) {
            String six = parts.group("six");
            int port = Integer.parseInt(parts.group("port"));
            try {
                InetAddress address =
                        six == null
                                ? InetAddress.ofLiteral(parts.group("four"))
                                : Inet6Address.ofLiteral(six);
                if (port >= 1 && port <= LAST_PORT) {
                    return Optional.of(new InetSocketAddress(address, port));
                }
            } catch (IllegalArgumentException noAddress) {
                // Told below, as any other wrong text.
            }
        }
        at.add(
                Problem.quote(text),
                "ADDRESS:PORT, such as 10.0.0.1:8080 or [::1]:8080",
                "write the endpoint as the sidecar's /clusters page shows it");
        return Optional.empty();
    }

    /** The text that {@link #parse} reads the same endpoint of. */
    static String of(InetSocketAddress endpoint) {
        String address = endpoint.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + endpoint.getPort();
    }
}
