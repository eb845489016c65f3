package dev.sluice.control.notify;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the operator lets this control plane send to: scheme, host and port, such as {@code
 * https://hooks.example.com} or {@code smtp://mail.example.com:587}. Who may make sinks could else
 * have it ask anything that it can reach. Immutable.
 */
public record Origins(Set<String> allowed) {
    /** Nowhere. */
    public static final Origins NONE = new Origins(Set.of());

    private static final int LAST_PORT = 65_535;

    public Origins {
        allowed = Set.copyOf(allowed);
    }

    /** Reads what the operator wrote. */
    public static Parsed<Origins> parse(List<String> texts) {
        Problems problems = Problems.root();
        Set<String> allowed = new TreeSet<>();
        List<String> bad = new ArrayList<>();
        for (String text : texts) {
            uri(text)
                    .filter(uri -> uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                    .flatMap(Origins::of)
                    .ifPresentOrElse(allowed::add, () -> bad.add(text));
        }
        bad.forEach(text ->
                problems.add(
                        Problem.quote(text),
                        "https://HOST, http://HOST or smtp://HOST, each with :PORT or its own",
                        "give where notifications may go, without a path"));
        return problems.finish(() -> new Origins(allowed));
    }

    /** The origin of an address; empty when it is none that news can be sent to. */
    static Optional<String> of(URI uri) {
        if (uri.getScheme() == null
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null
                || uri.getPort() > LAST_PORT) {
            return Optional.empty();
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port =
                switch (scheme) {
                    case "https" -> uri.getPort() < 0 ? 443 : uri.getPort();
                    case "http" -> uri.getPort() < 0 ? 80 : uri.getPort();
                    case "smtp" -> uri.getPort() < 0 ? 587 : uri.getPort();
                    default -> -1;
                };
        return port < 0
                ? Optional.empty()
                : Optional.of(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port);
    }

    /** The address that a text is; empty when it is none. */
    static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    boolean allow(String origin) {
        return allowed.contains(origin);
    }

    /** What is wrong with an origin that is not allowed. */
    Problem refusal(String origin) {
        return new Problem(
                "destination",
                origin,
                allowed.isEmpty()
                        ? "an origin of --notify-allow, which has none"
                        : "one of --notify-allow: " + String.join(", ", new TreeSet<>(allowed)),
                "let the operator of the control plane allow it, or send elsewhere");
    }
}
