package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.filter.ClientAddress;
import dev.sluice.proxy.route.Came;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Tells the upstream about the client, as Envoy does by default: {@code x-request-id} is made up
 * when there is none, {@code x-forwarded-proto} is set when there is none, and where the direct
 * peer is the client {@code x-forwarded-for} is appended to and {@code x-forwarded-proto} is not
 * believed, unless proxies before it are trusted. Where that peer is an external client, {@code
 * x-request-id} is the proxy's own and {@code x-envoy-external-address} the client's address,
 * whatever came. Orders to this proxy are believed from {@link InternalClients} only. {@code
 * x-forwarded-client-cert} is taken off ({@code SANITIZE}): nobody vouches for it. Immutable.
 *
 * @param forwarding settings of the listener
 * @param internal whose orders are believed
 * @param client which address is the client's
 */
record ClientFacts(Forwarding forwarding, InternalClients internal, ClientAddress client) {
    static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString EXTERNAL_ADDRESS =
            AsciiString.cached("x-envoy-external-address");
    private static final AsciiString CLIENT_CERT = AsciiString.cached("x-forwarded-client-cert");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");

    ClientFacts(Forwarding forwarding) {
        this(forwarding, new InternalClients(forwarding));
    }

    ClientFacts(Forwarding forwarding, InternalClients internal) {
        this(forwarding, internal, ClientAddress.of(forwarding));
    }

    /**
     * Adds what is not there yet.
     *
     * @param headers of the upstream request, changed in place
     */
    void tell(Peer peer, HeaderBlock headers, RandomGenerator random) {
        boolean isEdge = internal.sort(peer, headers);
        headers.remove(CLIENT_CERT);
        if (makesUpId(isEdge, headers)) {
            headers.set(REQUEST_ID, uuid(random));
        }
        if (forwarding.useRemoteAddress()) {
            tellAddress(peer, headers, isEdge);
        }
        if (forwarding.isOutermost() || !headers.contains(FORWARDED_PROTO)) {
            headers.set(FORWARDED_PROTO, scheme(peer));
        }
    }

    /** How a request came; a scheme is believed as it is told on. */
    Came came(Peer peer, HeaderBlock headers) {
        CharSequence told = forwarding.isOutermost() ? null : headers.first(FORWARDED_PROTO);
        boolean secure = told == null ? peer.secure() : "https".contentEquals(told);
        if (secure) {
            return Came.BY_TLS;
        }
        return internal.isInternal(peer, headers) ? Came.FROM_INSIDE : Came.FROM_OUTSIDE;
    }

    /** The id under which a request that goes nowhere is on record; may be empty. */
    String requestId(Peer peer, HeaderBlock headers, RandomGenerator random) {
        if (makesUpId(internal.isEdge(peer, headers), headers)) {
            return uuid(random);
        }
        CharSequence given = headers.first(REQUEST_ID);
        return given == null ? "" : given.toString();
    }

    private boolean makesUpId(boolean isEdge, HeaderBlock headers) {
        return switch (forwarding.requestIds()) {
            case NEVER -> false;
            case WHERE_ABSENT -> !headers.contains(REQUEST_ID);
            case OWN_AT_EDGE -> isEdge || !headers.contains(REQUEST_ID);
        };
    }

    private void tellAddress(Peer peer, HeaderBlock headers, boolean isEdge) {
        InetAddress address = peer.remote().getAddress();
        if (address == null) {
            return;
        }
        String text = NetUtil.toAddressString(address);
        CharSequence before = headers.joined(FORWARDED_FOR);
        headers.set(FORWARDED_FOR, before == null ? text : before + "," + text);
        if (isEdge) {
            client.of(peer, before)
                    .ifPresent(external ->
                            headers.set(EXTERNAL_ADDRESS, NetUtil.toAddressString(external)));
        }
    }

    private static String scheme(Peer peer) {
        return peer.secure() ? "https" : "http";
    }

    /** A random UUID (RFC 9562 section 5.4). */
    private static String uuid(RandomGenerator random) {
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
