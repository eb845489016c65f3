package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import dev.sluice.proxy.snapshot.part.CidrSpec;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells internal clients from others, as Envoy does, and takes from the others' requests the
 * headers that would give this proxy orders. Internal is who has an address of {@code
 * internal_address_config} and comes through no other proxy: the direct peer where it is the client
 * ({@code use_remote_address}), else the only address of {@code x-forwarded-for}, where no further
 * proxies are trusted. Immutable.
 *
 * @param forwarding settings of the listener
 */
record InternalClients(Forwarding forwarding) {
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString INTERNAL = AsciiString.cached("x-envoy-internal");
    private static final String PREFIX = "x-envoy-";
    private static final Set<String> ORDERS =
            Set.of(
                    "x-envoy-retriable-status-codes",
                    "x-envoy-retriable-header-names",
                    "x-envoy-retry-on",
                    "x-envoy-retry-grpc-on",
                    "x-envoy-max-retries",
                    "x-envoy-upstream-alt-stat-name",
                    "x-envoy-upstream-rq-timeout-ms",
                    "x-envoy-upstream-rq-per-try-timeout-ms",
                    "x-envoy-upstream-rq-timeout-alt-response",
                    "x-envoy-expected-rq-timeout-ms",
                    "x-envoy-force-trace",
                    "x-envoy-ip-tags",
                    "x-envoy-original-url",
                    "x-envoy-hedge-on-per-try-timeout",
                    "x-envoy-internal");

    /** Those that an edge takes off too, where others before it may have set them. */
    private static final Set<String> OF_PROXIES =
            Set.of(
                    "x-envoy-decorator-operation",
                    "x-envoy-downstream-service-cluster",
                    "x-envoy-downstream-service-node",
                    "x-envoy-original-path",
                    "x-envoy-original-host");

    /**
     * Marks the request of an internal client, or takes orders off.
     *
     * @param headers as they came, changed in place; {@code x-forwarded-for} not yet appended to
     * @return whether this proxy is the edge for it, see {@link #isEdge}
     */
    boolean sort(Peer peer, HeaderBlock headers) {
        if (isInternal(peer, headers)) {
            headers.set(INTERNAL, "true");
            return false;
        }
        takeOff(headers, forwarding.useRemoteAddress());
        return forwarding.useRemoteAddress();
    }

    /** Whether an external client speaks with this proxy itself. */
    boolean isEdge(Peer peer, HeaderBlock headers) {
        return forwarding.useRemoteAddress() && !isInternal(peer, headers);
    }

    /** Whether the request comes from an internal client. */
    boolean isInternal(Peer peer, HeaderBlock headers) {
        List<CidrSpec> ranges = forwarding.internal();
        if (ranges.isEmpty()) {
            return false;
        }
        @Nullable CharSequence came = headers.joined(FORWARDED_FOR);
        Optional<InetAddress> client =
                forwarding.useRemoteAddress()
                        ? Optional.ofNullable(peer.remote().getAddress())
                                .filter(address -> came == null)
                        : Optional.ofNullable(came)
                                .filter(list -> forwarding.trustedHops() == 0)
                                .flatMap(InternalClients::address);
        return client.filter(address -> ranges.stream().anyMatch(one -> one.contains(address)))
                .isPresent();
    }

    /** An address that stands alone. */
    private static Optional<InetAddress> address(CharSequence text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text.toString().strip()));
        } catch (IllegalArgumentException severalOrNone) {
            return Optional.empty();
        }
    }

    /** One pass finds whether there is any; most requests have none. */
    private static void takeOff(HeaderBlock headers, boolean isEdge) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            CharSequence name = headers.name(i);
            if (isEnvoys(name)) {
                String text = name.toString();
                if (ORDERS.contains(text) || (isEdge && OF_PROXIES.contains(text))) {
                    headers.remove(name);
                    i = Math.min(i, headers.size());
                }
            }
        }
    }

    private static boolean isEnvoys(CharSequence name) {
        return name.length() > PREFIX.length()
                && name.charAt(0) == 'x'
                && name.charAt(2) == 'e'
                && AsciiString.regionMatches(
                        name, /* ignoreCase= */ false, 0, PREFIX, 0, PREFIX.length());
    }
}
