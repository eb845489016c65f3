package dev.sluice.proxy.resource.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import java.util.Optional;

/** Reads rewrites of paths; empty after a problem. Stateless. */
final class RewriteParser {
    private RewriteParser() {}

    /** The rewrite that {@code prefix_rewrite} or {@code regex_rewrite} of one message ask for. */
    static Optional<PathRewrite> path(
            String prefix, boolean hasRegex, RegexMatchAndSubstitute regex, Spot at) {
        if (!prefix.isEmpty() && hasRegex) {
            at.field("regex_rewrite")
                    .add("regex_rewrite beside prefix_rewrite", "one of them", "remove one");
            return Optional.empty();
        }
        if (hasRegex) {
            return regex(regex, at.field("regex_rewrite"));
        }
        if (prefix.isEmpty()) {
            return Optional.of(new PathRewrite.Keep());
        }
        return target(prefix, at.field("prefix_rewrite")).map(PathRewrite.Prefix::new);
    }

    /** A regular expression in RE2's syntax, and a substitution whose groups it has. */
    static Optional<PathRewrite> regex(RegexMatchAndSubstitute proto, Spot at) {
        String expression = proto.getPattern().getRegex();
        Spot spot = at.field("pattern").field("regex");
        if (expression.isEmpty()) {
            spot.add("nothing", "a regular expression", "write it");
            return Optional.empty();
        }
        try {
            int groups = Pattern.compile(expression).groupCount();
            boolean right = substitution(proto.getSubstitution(), groups, at.field("substitution"));
            return right
                    ? Optional.of(new PathRewrite.Regex(expression, proto.getSubstitution()))
                    : Optional.empty();
        } catch (PatternSyntaxException malformed) {
            spot.add(
                    Problem.quote(expression) + ": " + malformed.getDescription(),
                    "a regular expression in RE2 syntax",
                    "correct it; back references and look-around do not exist in RE2");
            return Optional.empty();
        }
    }

    /** A text for a request line: printable ASCII without blanks. */
    static Optional<String> target(String text, Spot at) {
        if (text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Optional.of(text);
        }
        at.add(Problem.quote(text), "printable ASCII without blanks", "percent-encode the others");
        return Optional.empty();
    }

    /** RE2's rewrite string: {@code \0..\9} are groups, {@code \\} is a backslash. */
    private static boolean substitution(String text, int groups, Spot at) {
        for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i + 2)) {
            char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            boolean group = next >= '0' && next <= '9' && next - '0' <= groups;
            if (next != '\\' && !group) {
                at.add(
                        Problem.quote(text),
                        "\\0..\\" + Math.min(groups, 9) + " for groups, \\\\ for a backslash",
                        "correct the reference at character " + (i + 1));
                return false;
            }
        }
        return target(text, at).isPresent();
    }
}
