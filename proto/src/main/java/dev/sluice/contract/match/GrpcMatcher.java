package dev.sluice.contract.match;

/**
 * Matches a gRPC method, or all of a service. Immutable.
 *
 * @param path {@code /service/method}, or {@code /service/} for every method
 */
public record GrpcMatcher(WireText path) {
    /** Every method of a service, by its full name. */
    public static GrpcMatcher service(String service) {
        return new GrpcMatcher(WireText.of("/" + service + "/"));
    }

    /** One method of a service. */
    public static GrpcMatcher method(String service, String method) {
        return new GrpcMatcher(WireText.of("/" + service + "/" + method));
    }

    /** Full name of the service. */
    public String service() {
        String text = path.text();
        return text.substring(1, text.lastIndexOf('/'));
    }

    /** Name of the method; empty for every method. */
    public String method() {
        String text = path.text();
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /** Whether this request is such a call. */
    public boolean matches(RequestView request) {
        boolean samePath =
                path.bytes().endsWith("/")
                        ? path.isPrefixOf(request.path(), LetterCase.SENSITIVE)
                        : path.equalTo(request.path(), LetterCase.SENSITIVE);
        return samePath && request.isGrpc();
    }
}
