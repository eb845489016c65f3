package dev.sluice.proxy.gate;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.Octets;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request as routes and gates see it. Loop-owned, like the head it shows.
 *
 * @param head as filters left it; its path after the listener's normalisation
 * @param path without query, after the listener's normalisation
 * @param peer who sent it
 */
public record ExchangeView(RequestHead head, CharSequence path, Peer peer) implements RequestView {
    private static final byte[] NO_ADDRESS = {};

    /** The same request with other headers. */
    public ExchangeView withHeaders(HeaderBlock headers) {
        return new ExchangeView(head.withHeaders(headers), path, peer);
    }

    @Override
    public CharSequence method() {
        return head.method();
    }

    @Override
    public CharSequence target() {
        return head.path();
    }

    @Override
    public Optional<CharSequence> header(String lowerCaseName) {
        CharSequence value = head.headers().first(HeaderNames.of(lowerCaseName));
        return value == null ? pseudo(lowerCaseName) : Optional.of(value);
    }

    @Override
    public List<? extends CharSequence> headerValues(String lowerCaseName) {
        List<CharSequence> values = values(head.headers(), HeaderNames.of(lowerCaseName));
        return values.isEmpty() ? pseudo(lowerCaseName).map(List::of).orElse(List.of()) : values;
    }

    @Override
    public void copy(CharSequence text, byte[] target, int at) {
        Octets.copy(text, target, at);
    }

    @Override
    public Optional<CharSequence> joinedHeader(String lowerCaseName) {
        CharSequence value = head.headers().joined(HeaderNames.of(lowerCaseName));
        return value == null ? pseudo(lowerCaseName) : Optional.of(value);
    }

    @Override
    public Optional<String> clientIdentity() {
        return peer.identity();
    }

    @Override
    public byte[] peerAddress() {
        InetAddress address = peer.remote().getAddress();
        return address == null ? NO_ADDRESS : address.getAddress();
    }

    /** Values of all fields of this name, in the order of the wire. */
    static List<CharSequence> values(HeaderBlock headers, CharSequence name) {
        CharSequence first = headers.first(name);
        if (first == null) {
            return List.of();
        }
        List<CharSequence> values = new ArrayList<>(1);
        headers.forEach((field, value) -> {
            if (name.length() == field.length() && name.toString().contentEquals(field)) {
                values.add(value);
            }
        });
        return values;
    }

    private static boolean isPseudo(String name) {
        return (!name.isEmpty() && name.charAt(0) == ':') || name.equals("host");
    }

    /** Of what a block never holds: pseudo-headers and the host. */
    private Optional<CharSequence> pseudo(String name) {
        return isPseudo(name) ? pseudoValue(name) : Optional.empty();
    }

    private Optional<CharSequence> pseudoValue(String name) {
        return switch (name) {
            case ":method" -> Optional.of(head.method());
            case ":path" -> head.path().isEmpty() ? Optional.empty() : Optional.of(head.path());
            case ":scheme" -> Optional.of(head.scheme());
            case ":authority", "host" -> Optional.of(head.authority());
            default -> Optional.empty();
        };
    }
}
