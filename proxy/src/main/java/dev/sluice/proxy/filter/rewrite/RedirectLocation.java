package dev.sluice.proxy.filter.rewrite;

import dev.sluice.contract.match.Texts;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec.PathMatch;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Redirect;
import java.util.Optional;

/**
 * Makes the {@code location} of a redirect: the request's own URL with parts of it replaced, as
 * Envoy makes it. Immutable.
 */
public final class RedirectLocation {
    private final Redirect redirect;
    private final PathRewriter path;

    private RedirectLocation(Redirect redirect, PathRewriter path) {
        this.redirect = redirect;
        this.path = path;
    }

    /** The location maker of a route that matches paths by {@code match}. */
    public static RedirectLocation compile(Redirect redirect, PathMatch match) {
        return new RedirectLocation(redirect, PathRewriter.compile(redirect.path(), match));
    }

    /** Status of the answer: 301, 302, 303, 307 or 308. */
    public int status() {
        return redirect.status();
    }

    /**
     * Value of {@code location}.
     *
     * @param scheme of the request, {@code http} or {@code https}
     * @param authority of the request, as the client sent it
     * @param target path and query of the request
     */
    public String location(CharSequence scheme, CharSequence authority, CharSequence target) {
        String newScheme = redirect.scheme().orElse(scheme.toString());
        CharSequence host =
                redirect.host()
                        .<CharSequence>map(h -> h)
                        .orElse(host(scheme, newScheme, authority));
        String port = redirect.port().map(p -> ":" + p).orElse("");
        return newScheme + "://" + host + port + target(target);
    }

    /**
     * The request's host; its port goes when the redirect names one, or when it is the default of a
     * scheme that the redirect leaves.
     */
    private CharSequence host(CharSequence scheme, String newScheme, CharSequence authority) {
        int colon = portStart(authority);
        if (colon < 0) {
            return authority;
        }
        String port = authority.subSequence(colon, authority.length()).toString();
        boolean leavesHttp = "http".contentEquals(scheme) && port.equals(":80");
        boolean leavesHttps = "https".contentEquals(scheme) && port.equals(":443");
        boolean defaultPort = !newScheme.contentEquals(scheme) && (leavesHttp || leavesHttps);
        return redirect.port().isPresent() || defaultPort
                ? authority.subSequence(0, colon)
                : authority;
    }

    /** Position of the colon before the port; -1 without a port. */
    private static int portStart(CharSequence authority) {
        String text = authority.toString();
        if (text.startsWith("[")) {
            int bracket = text.lastIndexOf("]:");
            return bracket < 0 ? -1 : bracket + 1;
        }
        return text.lastIndexOf(':');
    }

    /** A path redirect with a query of its own keeps that; else the request's query stays. */
    private CharSequence target(CharSequence target) {
        int query = Texts.indexOf(target, '?', 0);
        if (redirect.path() instanceof PathRewrite.Whole(String whole) && whole.contains("?")) {
            return whole;
        }
        CharSequence kept = redirect.stripQuery() ? target.subSequence(0, query) : target;
        return path.rewrite(kept);
    }

    /** The status and location together, for logs. */
    @Override
    public String toString() {
        return "RedirectLocation[" + redirect + "]";
    }

    /** The maker for an action, when it is a redirect. */
    public static Optional<RedirectLocation> of(
            dev.sluice.proxy.snapshot.route.RouteActionSpec action, PathMatch match) {
        return action instanceof Redirect redirect
                ? Optional.of(compile(redirect, match))
                : Optional.empty();
    }
}
