package dev.sluice.contract.match;

import java.util.List;
import java.util.Optional;

/**
 * What a decision may read of a request. One char of every text is one byte of the wire
 * (ISO-8859-1), so that keys and matches see bytes that were never transcoded. Owned by the
 * exchange that it shows; a text is valid until that exchange changes it.
 *
 * <p>Header names are lower case; the pseudo headers {@code :method}, {@code :path}, {@code
 * :authority} and {@code :scheme} are headers here, whatever the protocol.
 */
public interface RequestView {
    /** Method as it came, such as {@code GET}. */
    CharSequence method();

    /**
     * Request target with query ({@code :path}): as it came, or as the listener normalises paths.
     */
    CharSequence target();

    /** Path without query after the listener's normalisation: what routes and rules match. */
    CharSequence path();

    /** Value of the first header of this name. */
    Optional<CharSequence> header(String lowerCaseName);

    /** Values of all headers of this name, in the order of the wire. */
    List<? extends CharSequence> headerValues(String lowerCaseName);

    /** Verified SPIFFE id of the client or, without one, the first DNS name of its certificate. */
    Optional<String> clientIdentity();

    /** Address of the direct peer: 4 or 16 bytes; no bytes when it has none (a UNIX socket). */
    byte[] peerAddress();

    /**
     * Copies the bytes of a text of this request, for keys.
     *
     * @param target has room for {@code text.length()} bytes from {@code at}
     */
    default void copy(CharSequence text, byte[] target, int at) {
        Texts.copy(text, target, at);
    }

    /** All values of this name joined by a comma, as Envoy's header matchers see them. */
    default Optional<CharSequence> joinedHeader(String lowerCaseName) {
        List<? extends CharSequence> values = headerValues(lowerCaseName);
        return switch (values.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(values.getFirst());
            default -> Optional.of(String.join(",", values));
        };
    }

    /** Value of the first cookie of this name, one pair of enclosing double quotes removed. */
    default Optional<CharSequence> cookie(String name) {
        return Cookies.first(headerValues("cookie"), name);
    }

    /** Value of the first query parameter of this name, raw; empty text when it has no value. */
    default Optional<CharSequence> queryParameter(String name) {
        return Targets.queryParameter(target(), name);
    }

    /** Whether this is a gRPC call: content-type {@code application/grpc}, bare, or with + or ; */
    default boolean isGrpc() {
        return header("content-type").filter(ContentTypes::isGrpc).isPresent();
    }
}
