package dev.sluice.proxy.listen;

import dev.sluice.proxy.snapshot.listener.ListenerSpec.Binding;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The listeners in force by their addresses, for connections that wanted to reach another one than
 * accepted them. Swapped whole; thread-safe.
 */
final class Elsewhere {
    private static final InetAddress ANY_4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_6 = InetAddress.ofLiteral("::");

    private volatile Map<InetSocketAddress, Generation> listeners = Map.of();

    /** These are in force; of two with one address the one without a socket counts. */
    void replace(List<Generation> inForce) {
        Map<InetSocketAddress, Generation> next = new HashMap<>();
        for (Binding binding : List.of(Binding.NONE, Binding.SOCKET)) {
            for (Generation one : inForce) {
                if (one.spec().reach().binding() == binding) {
                    next.putIfAbsent(address(one), one);
                }
            }
        }
        listeners = Map.copyOf(next);
    }

    private static InetSocketAddress address(Generation one) {
        return new InetSocketAddress(
                InetAddress.ofLiteral(one.spec().address().address()), one.spec().address().port());
    }

    /**
     * The listener of this address, else the one of all addresses with this port, as in Envoy; none
     * where no listener is meant.
     */
    Optional<Generation> listener(InetSocketAddress wanted) {
        Map<InetSocketAddress, Generation> now = listeners;
        Generation exact = now.get(wanted);
        return exact == null
                ? Optional.ofNullable(
                        now.get(
                                new InetSocketAddress(
                                        wanted.getAddress() instanceof Inet6Address ? ANY_6 : ANY_4,
                                        wanted.getPort())))
                : Optional.of(exact);
    }
}
