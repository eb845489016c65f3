package dev.sluice.contract.match;

import java.util.List;
import java.util.Optional;

/**
 * What a request must be like for a rule: every given matcher must hold; of {@code methods} and of
 * {@code clientIdentities} one is enough. Without any matcher it is every request. Immutable.
 *
 * @param path the normalised path, without query
 * @param methods HTTP methods, upper case; empty: any
 * @param headers all must hold
 * @param queryParameters all must hold
 * @param cookies all must hold
 * @param grpc the gRPC method
 * @param clientIdentities the verified client identity; empty: any, or none
 * @param apiVersion the API version as the client states it
 */
public record RequestMatch(
        Optional<StringMatcher> path,
        List<String> methods,
        List<HeaderMatcher> headers,
        List<QueryMatcher> queryParameters,
        List<CookieMatcher> cookies,
        Optional<GrpcMatcher> grpc,
        List<StringMatcher> clientIdentities,
        Optional<ApiVersionMatcher> apiVersion) {
    /** Every request. */
    public static final RequestMatch EVERY =
            new RequestMatch(
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty());

    public RequestMatch {
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        queryParameters = List.copyOf(queryParameters);
        cookies = List.copyOf(cookies);
        clientIdentities = List.copyOf(clientIdentities);
    }

    /** Whether this is every request. */
    public boolean isEvery() {
        return equals(EVERY);
    }

    /** Whether a request is so; the cheap questions first. */
    public boolean matches(RequestView request) {
        return matchesMethod(request)
                && (path.isEmpty() || path.get().matches(request.path()))
                && matchesHeaders(request)
                && (grpc.isEmpty() || grpc.get().matches(request))
                && matchesQuery(request)
                && matchesCookies(request)
                && matchesClient(request)
                && (apiVersion.isEmpty() || apiVersion.get().matches(request));
    }

    private boolean matchesMethod(RequestView request) {
        if (methods.isEmpty()) {
            return true;
        }
        for (int i = 0; i < methods.size(); i++) {
            if (methods.get(i).contentEquals(request.method())) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesHeaders(RequestView request) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).matches(request)) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesQuery(RequestView request) {
        for (int i = 0; i < queryParameters.size(); i++) {
            if (!queryParameters.get(i).matches(request)) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesCookies(RequestView request) {
        for (int i = 0; i < cookies.size(); i++) {
            if (!cookies.get(i).matches(request)) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesClient(RequestView request) {
        if (clientIdentities.isEmpty()) {
            return true;
        }
        Optional<String> identity = request.clientIdentity();
        for (int i = 0; identity.isPresent() && i < clientIdentities.size(); i++) {
            if (clientIdentities.get(i).matches(identity.get())) {
                return true;
            }
        }
        return false;
    }
}
