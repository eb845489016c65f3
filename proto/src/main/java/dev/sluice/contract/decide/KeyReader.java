package dev.sluice.contract.decide;

import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.match.RequestView;
import dev.sluice.contract.match.Targets;
import dev.sluice.contract.match.Texts;
import java.util.Optional;

/**
 * Takes the bucketing key out of a request, as bytes that are never transcoded. Loop-owned by way
 * of its buffer.
 */
final class KeyReader {
    private static final String BINARY = "-bin";
    private static final String NO_TEXT = "";

    private final KeyBuffer key;

    KeyReader(KeyBuffer key) {
        this.key = key;
    }

    /** What was found. */
    enum Found {
        /** A key; it is in the buffer. */
        KEY,
        /** None, or an empty one. */
        NOTHING,
        /** One over 1,024 bytes. */
        TOO_LONG
    }

    /** Reads the key of a request into the buffer. */
    Found read(KeySource source, RequestView request) {
        if (source instanceof KeySource.Header header) {
            return text(request.header(header.name()).map(Texts::trim), request);
        }
        return switch (source) {
            case KeySource.Header(String name) ->
                    text(request.header(name).map(Texts::trim), request);
            case KeySource.Cookie(String name) -> text(request.cookie(name), request);
            case KeySource.JwtClaim(String header, String claim) ->
                    fill(JwtClaims.read(request.header(header).orElse(NO_TEXT), claim, key));
            case KeySource.PathSegment(int index) ->
                    text(Targets.pathSegment(request.target(), index), request);
            case KeySource.GrpcMetadata(String name) -> metadata(name, request);
            case KeySource.ClientIdentity() -> text(request.clientIdentity(), request);
            case KeySource.PeerAddress() -> text(AddressText.of(request.peerAddress()), request);
        };
    }

    /** Takes a key that somebody states. */
    Found take(byte[] stated) {
        key.clear();
        boolean fits = true;
        for (int i = 0; i < stated.length && fits; i++) {
            fits = key.add(stated[i]);
        }
        return fill(fits);
    }

    private Found metadata(String name, RequestView request) {
        Optional<CharSequence> value = request.header(name);
        if (!name.endsWith(BINARY)) {
            return text(value.map(Texts::trim), request);
        }
        CharSequence joined = value.orElse(NO_TEXT);
        CharSequence first = Texts.trim(joined, 0, Texts.indexOf(joined, ',', 0));
        key.clear();
        return fill(Base64Bytes.STANDARD.decode(first, key));
    }

    private Found text(Optional<? extends CharSequence> value, RequestView request) {
        key.clear();
        return fill(value.isEmpty() || key.add(value.get(), request));
    }

    private Found fill(boolean fits) {
        if (!fits) {
            return Found.TOO_LONG;
        }
        return key.length() == 0 ? Found.NOTHING : Found.KEY;
    }
}
