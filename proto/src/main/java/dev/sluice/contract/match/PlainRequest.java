package dev.sluice.contract.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request that somebody describes, to ask what a gate would decide. Its path is taken as
 * normalised. Immutable.
 *
 * @param method such as {@code GET}
 * @param target with query, starting with a slash
 * @param headers in the order of the wire
 * @param clientIdentity as a verified certificate would say it
 * @param peer address of the direct peer, 0, 4 or 16 bytes
 */
public record PlainRequest(
        String method,
        String target,
        List<Header> headers,
        Optional<String> clientIdentity,
        List<Byte> peer)
        implements RequestView {
    /** A header; its name in any case. */
    public record Header(String name, String value) {
        public Header {
            name = name.toLowerCase(Locale.ROOT);
        }
    }

    /** {@code GET /} without anything. */
    public static final PlainRequest NOTHING =
            new PlainRequest("GET", "/", List.of(), Optional.empty(), List.of());

    public PlainRequest {
        headers = List.copyOf(headers);
        peer = List.copyOf(peer);
    }

    /** The same with one more header. */
    public PlainRequest withHeader(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new PlainRequest(method, target, more, clientIdentity, peer);
    }

    /** The same with another method and target. */
    public PlainRequest withLine(String newMethod, String newTarget) {
        return new PlainRequest(newMethod, newTarget, headers, clientIdentity, peer);
    }

    /** The same from this client. */
    public PlainRequest withClient(String identity) {
        return new PlainRequest(method, target, headers, Optional.of(identity), peer);
    }

    /** The same from this address: 4 or 16 bytes. */
    public PlainRequest withPeer(byte[] address) {
        List<Byte> bytes = new ArrayList<>();
        for (byte b : address) {
            bytes.add(b);
        }
        return new PlainRequest(method, target, headers, clientIdentity, bytes);
    }

    @Override
    public CharSequence path() {
        return target.substring(0, Texts.indexOf(target, '?', 0));
    }

    @Override
    public Optional<CharSequence> header(String lowerCaseName) {
        List<? extends CharSequence> values = headerValues(lowerCaseName);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    @Override
    public List<? extends CharSequence> headerValues(String lowerCaseName) {
        return switch (lowerCaseName) {
            case ":method" -> List.of(method);
            case ":path" -> List.of(target);
            default ->
                    headers.stream()
                            .filter(header -> header.name.equals(lowerCaseName))
                            .map(Header::value)
                            .toList();
        };
    }

    @Override
    public byte[] peerAddress() {
        byte[] address = new byte[peer.size()];
        for (int i = 0; i < address.length; i++) {
            address[i] = peer.get(i);
        }
        return address;
    }
}
