package dev.sluice.contract.match;

/** Reads content types. Stateless. */
final class ContentTypes {
    private static final WireText GRPC = WireText.of("application/grpc");

    private ContentTypes() {}

    /**
     * Whether a content type is gRPC's own, not gRPC-Web (gRPC over HTTP/2, "Content-Type"); the
     * case of letters does not count (RFC 9110 §8.3.1).
     */
    static boolean isGrpc(CharSequence contentType) {
        if (!GRPC.isPrefixOf(contentType, LetterCase.IGNORED)) {
            return false;
        }
        if (contentType.length() == GRPC.length()) {
            return true;
        }
        char next = contentType.charAt(GRPC.length());
        return next == '+' || next == ';' || next == ' ';
    }
}
