package dev.sluice.control.outward;

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
 * https://hooks.example.com} or {@code smtp://mail.example.com:587}. Who may make sinks or ramps
 * could else have it ask anything that it can reach. Immutable.
 */
public record Origins(Set<String> allowed) {
    /** Nowhere. */
    public static final Origins NONE = new Origins(Set.of());

    private static final int LAST_PORT = 65_535;

    public Origins {
        allowed = Set.copyOf(allowed);
    }

    /**
     * Reads what the operator wrote.
     *
     * @param option where it stands
     */
    public static Parsed<Origins> parse(String option, List<String> texts) {
        Problems problems = Problems.at(option);
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
                        "give where it may go, without a path"));
        return problems.finish(() -> new Origins(allowed));
    }

    /** The origin of an address; empty when it is none that anything can be sent to. */
    public static Optional<String> of(URI uri) {
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
    public static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /** Whether anything may be sent there. */
    public boolean allow(String origin) {
        return allowed.contains(origin);
    }

    /**
     * What is wrong with an origin that is not allowed.
     *
     * @param path of the field that leads there
     * @param option with which the operator allows
     */
    public Problem refusal(String path, String option, String origin) {
        return new Problem(
                path,
                origin,
                allowed.isEmpty()
                        ? "an origin of " + option + ", which has none"
                        : "one of " + option + ": " + String.join(", ", new TreeSet<>(allowed)),
                "let the operator of the control plane allow it, or send elsewhere");
    }
}
