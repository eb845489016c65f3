package dev.sluice.proxy.resource.route;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads redirects; empty after a problem. Stateless. */
final class RedirectParser {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
    private static final int LAST_PORT = 65_535;

    private RedirectParser() {}

    static Optional<RouteActionSpec> parse(RedirectAction proto, Spot at) {
        int before = at.problems().count();
        int status = status(proto, at.field("response_code"));
        Optional<String> scheme = scheme(proto, at);
        Optional<PathRewrite> path = path(proto, at);
        Optional<String> host =
                proto.getHostRedirect().isEmpty()
                        ? Optional.empty()
                        : RewriteParser.target(proto.getHostRedirect(), at.field("host_redirect"));
        long port = Integer.toUnsignedLong(proto.getPortRedirect());
        if (port > LAST_PORT) {
            at.field("port_redirect")
                    .add(Long.toString(port), "1.." + LAST_PORT, "write a port in this range");
        }
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new RouteActionSpec.Redirect(
                                status,
                                scheme,
                                host,
                                port == 0 ? Optional.empty() : Optional.of((int) port),
                                path.orElseThrow(),
                                proto.getStripQuery()));
    }

    private static int status(RedirectAction proto, Spot at) {
        return switch (proto.getResponseCode()) {
            case MOVED_PERMANENTLY -> 301;
            case FOUND -> 302;
            case SEE_OTHER -> 303;
            case TEMPORARY_REDIRECT -> 307;
            case PERMANENT_REDIRECT -> 308;
            case UNRECOGNIZED -> {
                at.add(
                        "unknown number " + proto.getResponseCodeValue(),
                        "a redirect code of Envoy",
                        "choose one");
                yield 301;
            }
        };
    }

    private static Optional<String> scheme(RedirectAction proto, Spot at) {
        return switch (proto.getSchemeRewriteSpecifierCase()) {
            case HTTPS_REDIRECT ->
                    proto.getHttpsRedirect() ? Optional.of("https") : Optional.empty();
            case SCHEME_REDIRECT -> {
                String scheme = proto.getSchemeRedirect();
                if (scheme.isEmpty()) {
                    yield Optional.empty();
                }
                if (!SCHEME.matcher(scheme).matches()) {
                    at.field("scheme_redirect")
                            .add(Problem.quote(scheme), SCHEME.pattern(), "correct the scheme");
                }
                yield Optional.of(scheme);
            }
            case SCHEMEREWRITESPECIFIER_NOT_SET -> Optional.empty();
        };
    }

    private static Optional<PathRewrite> path(RedirectAction proto, Spot at) {
        return switch (proto.getPathRewriteSpecifierCase()) {
            case PATH_REDIRECT ->
                    proto.getPathRedirect().isEmpty()
                            ? Optional.of(new PathRewrite.Keep())
                            : RewriteParser.target(
                                            proto.getPathRedirect(), at.field("path_redirect"))
                                    .map(PathRewrite.Whole::new);
            case PREFIX_REWRITE ->
                    RewriteParser.target(proto.getPrefixRewrite(), at.field("prefix_rewrite"))
                            .map(PathRewrite.Prefix::new);
            case REGEX_REWRITE ->
                    RewriteParser.regex(proto.getRegexRewrite(), at.field("regex_rewrite"));
            case PATHREWRITESPECIFIER_NOT_SET -> Optional.of(new PathRewrite.Keep());
        };
    }
}
