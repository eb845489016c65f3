package dev.sluice.contract.gate;

/**
 * Where the bucketing key of a request is, as bytes that are never transcoded. An empty value is a
 * missing key; one over {@link #MAX_KEY_BYTES} is missing and counted. Immutable.
 */
public sealed interface KeySource {
    /** Most bytes of a key. */
    int MAX_KEY_BYTES = 1024;

    /** Value of the first header of this lower-case name, blanks and tabs at its ends removed. */
    record Header(String name) implements KeySource {}

    /** Value of the first cookie of this name, one pair of enclosing double quotes removed. */
    record Cookie(String name) implements KeySource {}

    /**
     * Claim of a JSON Web Token that an earlier filter or service has verified: a string's UTF-8
     * bytes or an integer's decimal digits.
     *
     * @param header lower-case name of the header that holds the token, with or without {@code
     *     Bearer }
     * @param claim name of the claim; members of nested objects by dots
     */
    record JwtClaim(String header, String claim) implements KeySource {}

    /**
     * Segment of the path that is matched and forwarded, counted from 0 (range 0..63): as it came,
     * or as the listener normalises paths; never decoded beyond that.
     */
    record PathSegment(int index) implements KeySource {}

    /** First gRPC metadata value of this name; of a name that ends in {@code -bin}, decoded. */
    record GrpcMetadata(String name) implements KeySource {}

    /** The verified SPIFFE id or, without one, the first DNS name of the client certificate. */
    record ClientIdentity() implements KeySource {}

    /** Address of the direct peer in RFC 5952 text without port; an IPv4-mapped one as IPv4. */
    record PeerAddress() implements KeySource {}
}
